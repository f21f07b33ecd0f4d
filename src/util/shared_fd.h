#pragma once

#include <string>
#include <utility>
#include <vector>

#include "util/unique_fd.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeShare` of lib/native/surface/handles.ts: a file descriptor that other threads of this process can
/// find by its token while it is shared; or what one of them got so, which is a descriptor of its own.
class SharedFd : public Wrapped<SharedFd> {
 public:
  static constexpr ClassId kClass = ClassId::kShare;
  static constexpr const char* kName = "NativeShare";
  static std::vector<napi_property_descriptor> Properties();

  /// `NativeAddon.share`
  static Napi::Value Share(const Napi::CallbackInfo& info);
  /// `NativeAddon.findShared`
  static Napi::Value Find(const Napi::CallbackInfo& info);

  SharedFd(UniqueFd fd, std::string token) : fd_(std::move(fd)), token_(std::move(token)) {}
  ~SharedFd() { Withdraw(); }

 private:
  int Fd() const { return fd_.get(); }
  const std::string& Token() const { return token_; }
  void Close(const Napi::CallbackInfo& info);

  void Withdraw() noexcept;

  UniqueFd fd_;
  /// Empty unless others can find it.
  std::string token_;
};

}  // namespace subskel
