#pragma once

#include <memory>
#include <vector>

#include "object/object_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeMap` of lib/native/surface/map.ts: what libbpf knows of it; what the kernel does with it is in
/// MapElements.
class BpfMap : public Wrapped<BpfMap> {
 public:
  static constexpr ClassId kClass = ClassId::kMap;
  static constexpr const char* kName = "NativeMap";
  static std::vector<napi_property_descriptor> Properties();
  static Napi::Value Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object, bpf_map* map);

  /// For a link to be updated: a struct_ops map that the kernel has.
  static bpf_map* StructOpsOf(const Napi::Value& value);

  BpfMap(std::shared_ptr<ObjectHandle> object, bpf_map* map) : object_(std::move(object)), map_(map) {}

 private:
  /// Those of bpf_map_settings.cc.
  static std::vector<napi_property_descriptor> Settings();
  /// What libbpf answers about the map, and what it takes before load.
  template <auto get>
  auto Ask() const {
    return get(Live());
  }
  template <typename Setter>
  void Set(const Napi::CallbackInfo& info);

  std::uint32_t BtfKeyTypeId() const { return object_->TypesOf(Live()).key; }
  std::uint32_t BtfValueTypeId() const { return object_->TypesOf(Live()).value; }
  std::string Section() const;
  void SetAutoattach(const Napi::CallbackInfo& info);
  Napi::Value AttachStructOps(const Napi::CallbackInfo& info);
  Napi::Value Extra(const Napi::CallbackInfo& info);
  Napi::Value InitialValue(const Napi::CallbackInfo& info);
  void SetInitialValue(const Napi::CallbackInfo& info);
  Napi::Value StructOpsImage(const Napi::CallbackInfo& info);
  void SetStructOpsImage(const Napi::CallbackInfo& info);
  Napi::Value StructOpsFunctions(const Napi::CallbackInfo& info);
  void SetStructOpsProgram(const Napi::CallbackInfo& info);
  Napi::Value ArenaMemory(const Napi::CallbackInfo& info);
  std::string PinPath() const;
  void SetPinPath(const Napi::CallbackInfo& info);
  void Pin(const Napi::CallbackInfo& info);
  void Unpin(const Napi::CallbackInfo& info);
  void ReuseFd(const Napi::CallbackInfo& info);
  void Freeze(const Napi::CallbackInfo& info);
  void SetInnerMap(const Napi::CallbackInfo& info);
  Napi::Value Elements(const Napi::CallbackInfo& info);

  bpf_map* Live() const;
  std::string Subject() const;
  /// -1 while the kernel has no such map.
  int FindFd() const;
  /// Throws 'not-loaded' while the kernel has no such map.
  int CreatedFd(const char* syscall) const;
  /// Throws 'already-loaded' once the kernel has it.
  bpf_map* Uncreated(const char* syscall) const;
  std::shared_ptr<ObjectHandle> object_;
  /// Owned by the object: only valid while that is open, so reached through Live().
  bpf_map* const map_;
};

}  // namespace subskel
