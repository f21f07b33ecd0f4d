#pragma once

#include <napi.h>

namespace subskel {

/// `NativeAddon.ensureStack(function, bytes)`: calls the function, which does nothing, so many bytes further
/// down the stack than it was called itself. Where there are not so many left, V8 throws its RangeError now,
/// and not in the middle of what must be finished once it has begun.
napi_value EnsureStack(napi_env env, napi_callback_info info) noexcept;

}  // namespace subskel
