#pragma once

#include <napi.h>

namespace subskel {

/// `NativeAddon.link`: libbpf's static linker (bpf_linker).
void Link(const Napi::CallbackInfo& info);

}  // namespace subskel
