#pragma once

#include <napi.h>

#include "object/object_handle.h"

namespace subskel {

/// `NativeObject.openSubskeleton` of lib/native/surface/object.ts: bpf_object__open_subskeleton.
Napi::Value OpenSubskeleton(const Napi::CallbackInfo& info, const ObjectHandle& object);

}  // namespace subskel
