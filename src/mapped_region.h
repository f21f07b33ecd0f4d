#pragma once

#include <napi.h>

namespace subskel {

/// `NativeAddon.mapMemory`: mmap(2) of a map behind an external ArrayBuffer.
Napi::Value MapMemory(const Napi::CallbackInfo& info);

/// `NativeAddon.detach`: every view of the buffer has length 0 from then on.
Napi::Value DetachBuffer(const Napi::CallbackInfo& info);

}  // namespace subskel
