#include "util/environment.h"

#include <stdexcept>

namespace subskel {

void Environment::Install(Napi::Env env) {
  env.SetInstanceData(new Environment());
}

Environment* Environment::Find(napi_env env) {
  void* data = nullptr;
  if (napi_get_instance_data(env, &data) != napi_ok) return nullptr;
  return static_cast<Environment*>(data);
}

Environment& Environment::Of(napi_env env) {
  Environment* environment = Find(env);
  if (environment == nullptr) throw std::runtime_error("libbpf-subskel: this environment is being torn down");
  return *environment;
}

}  // namespace subskel
