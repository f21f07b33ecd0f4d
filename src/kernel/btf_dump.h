#pragma once

#include <napi.h>

namespace subskel {

/// `NativeAddon.btfDump`: the types of a BTF file as C (btf_dump).
Napi::Value DumpBtf(const Napi::CallbackInfo& info);

}  // namespace subskel
