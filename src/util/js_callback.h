#pragma once

#include <napi.h>

#include <utility>

namespace subskel {

/// A JavaScript function that the event loop calls. Strong while it is set.
class JsCallback {
 public:
  void Keep(const Napi::Function& function) { function_ = Napi::Persistent(function); }
  void Reset() { function_.Reset(); }
  bool empty() const { return function_.IsEmpty(); }

  /// Calls it, with the microtasks after it. What it throws is an uncaught exception, as of every callback of
  /// the event loop. SAFETY: nothing of this object is touched once JavaScript has run, which may have
  /// destroyed it.
  void Call() noexcept {
    const napi_env env = function_.Env();
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return;
    napi_value function = nullptr;
    napi_value receiver = nullptr;
    if (napi_get_reference_value(env, function_, &function) == napi_ok && function != nullptr &&
        napi_get_global(env, &receiver) == napi_ok) {
      const napi_status status = napi_make_callback(env, nullptr, receiver, function, 0, nullptr, nullptr);
      bool pending = false;
      if (status != napi_ok && napi_is_exception_pending(env, &pending) == napi_ok && pending) {
        napi_value error;
        if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
      }
    }
    napi_close_handle_scope(env, scope);
  }

 private:
  Napi::FunctionReference function_;
};

}  // namespace subskel
