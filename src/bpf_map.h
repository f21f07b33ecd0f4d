#pragma once

#include <memory>
#include <vector>

#include "map_elements.h"
#include "object_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeMap` of lib/native/addon.ts: the map's properties here, its elements in MapElements.
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
  Napi::Value Name(const Napi::CallbackInfo& info);
  Napi::Value Section(const Napi::CallbackInfo& info);
  Napi::Value Type(const Napi::CallbackInfo& info);
  Napi::Value KeySize(const Napi::CallbackInfo& info);
  Napi::Value ValueSize(const Napi::CallbackInfo& info);
  Napi::Value MaxEntries(const Napi::CallbackInfo& info);
  Napi::Value Flags(const Napi::CallbackInfo& info);
  Napi::Value BtfKeyTypeId(const Napi::CallbackInfo& info);
  Napi::Value BtfValueTypeId(const Napi::CallbackInfo& info);
  Napi::Value Fd(const Napi::CallbackInfo& info);
  Napi::Value Pinned(const Napi::CallbackInfo& info);
  Napi::Value Autocreate(const Napi::CallbackInfo& info);
  Napi::Value SetAutocreate(const Napi::CallbackInfo& info);
  Napi::Value Autoattach(const Napi::CallbackInfo& info);
  Napi::Value SetAutoattach(const Napi::CallbackInfo& info);
  Napi::Value AttachStructOps(const Napi::CallbackInfo& info);
  Napi::Value SetMaxEntries(const Napi::CallbackInfo& info);
  Napi::Value SetValueSize(const Napi::CallbackInfo& info);
  Napi::Value InitialValue(const Napi::CallbackInfo& info);
  Napi::Value SetInitialValue(const Napi::CallbackInfo& info);
  Napi::Value StructOpsImage(const Napi::CallbackInfo& info);
  Napi::Value SetStructOpsImage(const Napi::CallbackInfo& info);
  Napi::Value StructOpsFunctions(const Napi::CallbackInfo& info);
  Napi::Value SetStructOpsProgram(const Napi::CallbackInfo& info);
  Napi::Value ArenaMemory(const Napi::CallbackInfo& info);
  Napi::Value PinPath(const Napi::CallbackInfo& info);
  Napi::Value SetPinPath(const Napi::CallbackInfo& info);
  Napi::Value Pin(const Napi::CallbackInfo& info);
  Napi::Value Unpin(const Napi::CallbackInfo& info);
  Napi::Value ReuseFd(const Napi::CallbackInfo& info);
  Napi::Value Freeze(const Napi::CallbackInfo& info);

  Napi::Value Scratch(const Napi::CallbackInfo& info);
  Napi::Value ScratchValueOffset(const Napi::CallbackInfo& info);
  Napi::Value ScratchValueSize(const Napi::CallbackInfo& info);
  Napi::Value Lookup(const Napi::CallbackInfo& info);
  Napi::Value Update(const Napi::CallbackInfo& info);
  Napi::Value Delete(const Napi::CallbackInfo& info);
  Napi::Value LookupAndDelete(const Napi::CallbackInfo& info);
  Napi::Value NextKey(const Napi::CallbackInfo& info);

  bpf_map* Live() const;
  std::string Subject() const;
  /// Throws 'not-loaded' while the kernel has no such map.
  int CreatedFd(const char* syscall) const;
  /// Throws 'already-loaded' once the kernel has it.
  bpf_map* Uncreated(const char* syscall) const;
  /// For the calls on elements: one check and one branch when all is well.
  const MapElements& Elements(Napi::Env env, const char* syscall);

  std::shared_ptr<ObjectHandle> object_;
  /// Owned by the object: only valid while that is open, so reached through Live().
  bpf_map* const map_;
  /// Made with the first use after load.
  std::unique_ptr<MapElements> elements_;
};

}  // namespace subskel
