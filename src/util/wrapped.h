#pragma once

#include <napi.h>

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "util/environment.h"
#include "util/errors.h"
#include "util/live_handles.h"

namespace subskel {

/// A C++ object behind a JavaScript object. Derived classes name themselves:
///   static constexpr ClassId kClass; static constexpr const char* kName;
///   static std::vector<napi_property_descriptor> Properties();
/// Unlike with Napi::ObjectWrap, a method that is called on another object (`method.call(other)`) is refused:
/// the pointer that comes out of the object is looked for among our own live ones before it is followed.
/// (Node-API's type tags do that too, at some 300 ns a call: too much beside a map lookup.)
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
      if (Adopted(environment)) {
        handle.release();
        return object;
      }
    } catch (...) {
      if (Adopted(environment)) handle.release();
      throw;
    }
    // The constructor failed and could not throw: its worker was terminated in the middle of it.
    throw Napi::Error::New(env, "libbpf-subskel: this environment is being torn down");
  }

  static Derived& Receiver(const Napi::CallbackInfo& info) {
    Derived* const receiver = Find(info.Env(), info.This());
    if (receiver == nullptr) {
      throw ArgumentFailure(std::string("called on something that is not a ") + Derived::kName);
    }
    return *receiver;
  }

  /// The handle behind an argument.
  static Derived& From(const Napi::Value& value, const char* name) {
    Derived* const handle = value.IsObject() ? Find(value.Env(), value) : nullptr;
    if (handle == nullptr) throw ArgumentFailure(std::string(name) + " must be a " + Derived::kName);
    return *handle;
  }

 protected:
  /// `callback` is a member function, of the call if it wants to know it; see Answer for what it may return.
  template <auto callback>
  static napi_property_descriptor Method(const char* name) {
    return {name, nullptr, Invoke<callback>, nullptr, nullptr, nullptr, napi_default_method, nullptr};
  }

  template <auto callback>
  static napi_property_descriptor Getter(const char* name) {
    return {name, nullptr, nullptr, Invoke<callback>, nullptr, nullptr, napi_configurable, nullptr};
  }

 private:
  static Napi::FunctionReference& Slot(Environment& environment) {
    return environment.constructors[static_cast<std::size_t>(Derived::kClass)];
  }

  /// Whether the constructor took the pending handle; whoever asks has it back if not.
  static bool Adopted(Environment& environment) noexcept {
    return std::exchange(environment.pending_handle, nullptr) == nullptr;
  }

  static Derived* Find(napi_env env, napi_value object) {
    void* pointer = nullptr;
    if (napi_unwrap(env, object, &pointer) != napi_ok) return nullptr;
    if (!Environment::Of(env).live->Contains(pointer, Derived::kClass)) return nullptr;
    return static_cast<Derived*>(pointer);
  }

  template <auto callback>
  static napi_value Invoke(napi_env env, napi_callback_info raw) {
    return Guarded(env, [&]() -> napi_value {
      const Napi::CallbackInfo info(env, raw);
      return Answer(env, [&] {
        if constexpr (std::is_invocable_v<decltype(callback), Derived&>) {
          return (Receiver(info).*callback)();
        } else {
          return (Receiver(info).*callback)(info);
        }
      });
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
      const std::shared_ptr<LiveHandles> live = Environment::Of(env).live;
      auto hint = std::make_unique<std::shared_ptr<LiveHandles>>(live);
      live->Add(pending, Derived::kClass);
      // SAFETY: the wrap owns the handle from here on; Finalize is its one deleter.
      if (napi_wrap(env, self, pending, Finalize, hint.get(), nullptr) != napi_ok) {
        live->Remove(pending);
        throw Napi::Error::New(env);
      }
      hint.release();
      pending = nullptr;
      return self;
    });
  }

  // SAFETY: runs once, after the object is unreachable or while the environment is torn down. Releases native
  // things only: no JavaScript, no environment data (that can be gone already, so the handle brings its own
  // share of the list of live ones).
  static void Finalize(napi_env, void* data, void* hint) {
    const std::unique_ptr<std::shared_ptr<LiveHandles>> live(
        static_cast<std::shared_ptr<LiveHandles>*>(hint));
    (*live)->Remove(data);
    delete static_cast<Derived*>(data);
  }
};

}  // namespace subskel
