#pragma once

#include <napi.h>

namespace subskel {

/// `NativeAddon.link`: libbpf's static linker (bpf_linker).
Napi::Value Link(const Napi::CallbackInfo& info);

}  // namespace subskel
