#pragma once

#include <napi.h>

namespace subskel {

/// `NativeAddon.openPidfd`: pidfd_open(2), which libc has only since glibc 2.36.
Napi::Value OpenPidfd(const Napi::CallbackInfo& info);

}  // namespace subskel
