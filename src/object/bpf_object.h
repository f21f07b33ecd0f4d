#pragma once

#include <memory>
#include <vector>

#include "object/object_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeObject` of lib/native/surface/object.ts.
class BpfObject : public Wrapped<BpfObject> {
 public:
  static constexpr ClassId kClass = ClassId::kObject;
  static constexpr const char* kName = "NativeObject";
  static std::vector<napi_property_descriptor> Properties();

  static Napi::Value OpenFile(const Napi::CallbackInfo& info);
  static Napi::Value OpenMemory(const Napi::CallbackInfo& info);

  explicit BpfObject(std::shared_ptr<ObjectHandle> handle) : handle_(std::move(handle)) {}

 private:
  Napi::Value Name(const Napi::CallbackInfo& info);
  Napi::Value Loaded(const Napi::CallbackInfo& info);
  Napi::Value Failed(const Napi::CallbackInfo& info);
  void Prepare(const Napi::CallbackInfo& info);
  void Load(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
  Napi::Value Btf(const Napi::CallbackInfo& info);
  Napi::Value BtfFd(const Napi::CallbackInfo& info);
  Napi::Value Maps(const Napi::CallbackInfo& info);
  Napi::Value HasTypedRecords(const Napi::CallbackInfo& info);
  Napi::Value Programs(const Napi::CallbackInfo& info);
  Napi::Value FindMap(const Napi::CallbackInfo& info);
  Napi::Value FindProgram(const Napi::CallbackInfo& info);
  Napi::Value OpenSubskeleton(const Napi::CallbackInfo& info);

  /// load() or prepare(): libbpf allows one attempt.
  template <typename Function>
  void Advance(napi_env env, const char* name, Function&& function, ObjectHandle::Phase after);

  std::shared_ptr<ObjectHandle> handle_;
};

}  // namespace subskel
