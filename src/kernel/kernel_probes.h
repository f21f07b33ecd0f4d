#pragma once

#include <napi.h>

namespace subskel {

/// `NativeKernel.probeProgramType` and its like: what this kernel can, tried out.
Napi::Value ProbeProgramType(const Napi::CallbackInfo& info);
Napi::Value ProbeMapType(const Napi::CallbackInfo& info);
Napi::Value ProbeHelper(const Napi::CallbackInfo& info);
Napi::Value HelperNames(const Napi::CallbackInfo& info);
Napi::Value Probe(const Napi::CallbackInfo& info);

}  // namespace subskel
