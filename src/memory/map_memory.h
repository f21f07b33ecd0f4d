#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>

/// The addon's functions for memory that JavaScript sees: see MappedRegion.
namespace subskel {

/// `NativeAddon.mapMemory`: mmap(2) of a map behind an external ArrayBuffer.
Napi::Value MapMemory(const Napi::CallbackInfo& info);

/// Memory that is mapped by `owner`, which is let go when the last view of it is gone: a NativeMapping.
Napi::Value ShareMemory(Napi::Env env, void* base, std::size_t length, std::shared_ptr<void> owner);

/// `NativeAddon.detach`: every view of the buffer has length 0 from then on.
void DetachBuffer(const Napi::CallbackInfo& info);

}  // namespace subskel
