#pragma once

#include <memory>
#include <string>
#include <vector>

#include "map/map_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeElements` of lib/native/surface/elements.ts: a map that the kernel has, of an object or not.
class MapElements : public Wrapped<MapElements> {
 public:
  static constexpr ClassId kClass = ClassId::kElements;
  static constexpr const char* kName = "NativeElements";
  static std::vector<napi_property_descriptor> Properties();
  static Napi::Value Wrap(Napi::Env env, std::shared_ptr<MapHandle> handle);

  // The addon's functions that find or make a map that no object owns.
  static Napi::Value Create(const Napi::CallbackInfo& info);
  static Napi::Value OpenPinned(const Napi::CallbackInfo& info);
  static Napi::Value OpenId(const Napi::CallbackInfo& info);
  static Napi::Value OpenFd(const Napi::CallbackInfo& info);

  /// The map behind an argument. Throws an 'argument' failure where it is something else.
  static std::shared_ptr<MapHandle> HandleOf(const Napi::Value& value, const char* name) {
    return From(value, name).handle_;
  }

  explicit MapElements(std::shared_ptr<MapHandle> handle) : handle_(std::move(handle)) {}

 private:
  int Fd() { return handle_->GivenFd(); }
  bool Closed() const { return handle_->closed(); }
  Napi::Value Layout(const Napi::CallbackInfo& info);
  Napi::Value Memory(const Napi::CallbackInfo& info);
  Napi::Value Run(const Napi::CallbackInfo& info);
  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Btf(const Napi::CallbackInfo& info);
  void Freeze(const Napi::CallbackInfo& info);
  void Pin(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
  Napi::Value LookupBatch(const Napi::CallbackInfo& info);
  Napi::Value UpdateBatch(const Napi::CallbackInfo& info);
  Napi::Value DeleteBatch(const Napi::CallbackInfo& info);

  const std::shared_ptr<MapHandle> handle_;
};

}  // namespace subskel
