#pragma once

#include <vector>

#include "util/unique_fd.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeFd` of lib/native/surface/handles.ts: a file descriptor that close() or the garbage collector
/// closes.
class OwnedFd : public Wrapped<OwnedFd> {
 public:
  static constexpr ClassId kClass = ClassId::kFd;
  static constexpr const char* kName = "NativeFd";
  static std::vector<napi_property_descriptor> Properties();
  static Napi::Value Wrap(Napi::Env env, UniqueFd fd) {
    return Adopt(env, std::make_unique<OwnedFd>(std::move(fd)));
  }

  explicit OwnedFd(UniqueFd fd) noexcept : fd_(std::move(fd)) {}

 private:
  int Fd() const { return fd_.get(); }
  void Close(const Napi::CallbackInfo& info);

  UniqueFd fd_;
};

}  // namespace subskel
