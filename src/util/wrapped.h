#pragma once

#include <napi.h>

#include <memory>
#include <utility>
#include <vector>

#include "util/environment.h"
#include "util/errors.h"

namespace subskel {

/// A C++ object behind a JavaScript object. Derived classes name themselves:
///   static constexpr ClassId kClass; static constexpr const char* kName; static constexpr napi_type_tag
///   kTag; static std::vector<napi_property_descriptor> Properties();
/// Unlike Napi::ObjectWrap, a method that is called on another object (`method.call(other)`) is refused: the
/// type tag is looked at before the pointer is.
template <typename Derived>
class Wrapped {
 public:
  static void Define(Napi::Env env) {
    const std::vector<napi_property_descriptor> properties = Derived::Properties();
    napi_value constructor;
    const napi_status status = napi_define_class(env, Derived::kName, NAPI_AUTO_LENGTH, Construct, nullptr,
                                                 properties.size(), properties.data(), &constructor);
    if (status != napi_ok) throw Napi::Error::New(env);
    Slot(Environment::Of(env)) = Napi::Persistent(Napi::Function(env, constructor));
  }

  /// The JavaScript object for `handle`, which it owns from then on.
  static Napi::Value Adopt(Napi::Env env, std::unique_ptr<Derived> handle) {
    Environment& environment = Environment::Of(env);
    environment.pending_handle = handle.get();
    try {
      const Napi::Value object = Slot(environment).New({});
      handle.release();
      return object;
    } catch (...) {
      // The constructor takes the pointer only if it succeeds.
      if (std::exchange(environment.pending_handle, nullptr) == nullptr) handle.release();
      throw;
    }
  }

  static Derived& Receiver(const Napi::CallbackInfo& info) {
    const Napi::Value self = info.This();
    bool tagged = false;
    void* pointer = nullptr;
    if (!self.IsObject() ||
        napi_check_object_type_tag(info.Env(), self, &Derived::kTag, &tagged) != napi_ok || !tagged ||
        napi_unwrap(info.Env(), self, &pointer) != napi_ok) {
      throw ArgumentFailure(std::string("called on something that is not a ") + Derived::kName);
    }
    return *static_cast<Derived*>(pointer);
  }

 protected:
  using Callback = Napi::Value (Derived::*)(const Napi::CallbackInfo&);

  template <Callback callback>
  static napi_property_descriptor Method(const char* name) {
    return {name, nullptr, Invoke<callback>, nullptr, nullptr, nullptr, napi_default_method, nullptr};
  }

  template <Callback callback>
  static napi_property_descriptor Getter(const char* name) {
    return {name, nullptr, nullptr, Invoke<callback>, nullptr, nullptr, napi_configurable, nullptr};
  }

 private:
  static Napi::FunctionReference& Slot(Environment& environment) {
    return environment.constructors[static_cast<std::size_t>(Derived::kClass)];
  }

  template <Callback callback>
  static napi_value Invoke(napi_env env, napi_callback_info raw) {
    return Guarded(env, [&]() -> napi_value {
      const Napi::CallbackInfo info(env, raw);
      return (Receiver(info).*callback)(info);
    });
  }

  static napi_value Construct(napi_env env, napi_callback_info raw) {
    return Guarded(env, [&]() -> napi_value {
      const Napi::CallbackInfo info(env, raw);
      void*& pending = Environment::Of(env).pending_handle;
      if (pending == nullptr || !info.IsConstructCall()) {
        throw ArgumentFailure(std::string(Derived::kName) + " cannot be constructed directly");
      }
      const Napi::Value self = info.This();
      // SAFETY: the wrap owns the handle from here on; Finalize is its one deleter. If tagging fails, the
      // object is unreachable for JavaScript, and the garbage collector frees the handle.
      if (napi_wrap(env, self, pending, Finalize, nullptr, nullptr) != napi_ok) throw Napi::Error::New(env);
      pending = nullptr;
      if (napi_type_tag_object(env, self, &Derived::kTag) != napi_ok) throw Napi::Error::New(env);
      return self;
    });
  }

  // SAFETY: runs once, after the object is unreachable or while the environment is torn down. Releases native
  // things only: no JavaScript, no environment data.
  static void Finalize(napi_env, void* data, void*) { delete static_cast<Derived*>(data); }
};

}  // namespace subskel
