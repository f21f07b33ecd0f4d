#pragma once

#include <memory>
#include <vector>

#include "object_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeProgram` of lib/native/addon.ts.
class BpfProgram : public Wrapped<BpfProgram> {
 public:
  static constexpr ClassId kClass = ClassId::kProgram;
  static constexpr const char* kName = "NativeProgram";
  static std::vector<napi_property_descriptor> Properties();
  static Napi::Value Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object, bpf_program* program);

  BpfProgram(std::shared_ptr<ObjectHandle> object, bpf_program* program);

 private:
  Napi::Value Name(const Napi::CallbackInfo& info);
  Napi::Value Section(const Napi::CallbackInfo& info);
  Napi::Value Type(const Napi::CallbackInfo& info);
  Napi::Value ExpectedAttachType(const Napi::CallbackInfo& info);
  Napi::Value InstructionCount(const Napi::CallbackInfo& info);
  Napi::Value Autoload(const Napi::CallbackInfo& info);
  Napi::Value Autoattach(const Napi::CallbackInfo& info);
  Napi::Value SetAutoload(const Napi::CallbackInfo& info);
  Napi::Value SetAutoattach(const Napi::CallbackInfo& info);
  Napi::Value Fd(const Napi::CallbackInfo& info);
  Napi::Value Attach(const Napi::CallbackInfo& info);
  Napi::Value TestRun(const Napi::CallbackInfo& info);

  bpf_program* Live() const;
  /// Throws 'not-loaded' without one.
  int LoadedFd(const char* syscall) const;

  std::shared_ptr<ObjectHandle> object_;
  /// Owned by the object: only valid while that is open, so reached through Live().
  bpf_program* const program_;
  const std::string subject_;
};

}  // namespace subskel
