#pragma once

#include <napi.h>

/// Programs that are attached without a link, and what is attached somewhere in either way: bpf_prog_attach
/// and its like. `NativeProgramAttach` of lib/native/surface/hooks.ts.
namespace subskel {

Napi::Value AttachProgram(const Napi::CallbackInfo& info);
void DetachProgram(const Napi::CallbackInfo& info);
Napi::Value QueryPrograms(const Napi::CallbackInfo& info);

}  // namespace subskel
