#include "util/owned_fd.h"

namespace subskel {

std::vector<napi_property_descriptor> OwnedFd::Properties() {
  return {Getter<&OwnedFd::Fd>("fd"), Method<&OwnedFd::Close>("close")};
}

void OwnedFd::Close(const Napi::CallbackInfo& info) {
  fd_.Close();
}

}  // namespace subskel
