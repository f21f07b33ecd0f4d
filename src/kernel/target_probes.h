#pragma once

#include <napi.h>

namespace subskel {

/// `NativeKernel.probeTarget` and `probeKprobe`: whether a program can be attached to one place of the
/// kernel.
Napi::Value ProbeTarget(const Napi::CallbackInfo& info);
Napi::Value ProbeKprobe(const Napi::CallbackInfo& info);

}  // namespace subskel
