#pragma once

#include <napi.h>

/// Programs of sockets: setsockopt(2), which knows no links. `NativeSocketAttach` of
/// lib/native/surface/hooks.ts.
namespace subskel {

Napi::Value AttachSocket(const Napi::CallbackInfo& info);
Napi::Value DetachSocket(const Napi::CallbackInfo& info);

}  // namespace subskel
