#include "util/owned_fd.h"

namespace subskel {

std::vector<napi_property_descriptor> OwnedFd::Properties() {
  return {Getter<&OwnedFd::Fd>("fd"), Method<&OwnedFd::Close>("close")};
}

Napi::Value OwnedFd::Fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), fd_.get());
}

void OwnedFd::Close(const Napi::CallbackInfo& info) {
  fd_.Close();
}

}  // namespace subskel
