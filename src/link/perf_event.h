#pragma once

#include <napi.h>

namespace subskel {

/// perf_event_open(2) for `PerfEvent` of lib/runtime/attach/perf-event.ts; a NativeFd.
Napi::Value OpenPerfEvent(const Napi::CallbackInfo& info);
/// Enables, disables or resets one, by descriptor.
void ControlPerfEvent(const Napi::CallbackInfo& info);

}  // namespace subskel
