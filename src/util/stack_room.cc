#include "util/stack_room.h"

#include <alloca.h>

#include <algorithm>
#include <cstdint>

namespace subskel {

namespace {

/// V8 leaves more than this to C++ below its own limit, in workers too.
constexpr std::uint32_t kMost = 128 << 10;

}  // namespace

napi_value EnsureStack(napi_env env, napi_callback_info info) noexcept {
  napi_value arguments[2];
  size_t count = 2;
  std::uint32_t bytes = 0;
  napi_value undefined;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &bytes) != napi_ok ||
      napi_get_undefined(env, &undefined) != napi_ok) {
    return nullptr;
  }
  // SAFETY: nothing but its place is used of this memory; it is gone when this function returns.
  auto* const room = static_cast<volatile char*>(alloca(std::min(bytes, kMost)));
  room[0] = 0;
  napi_value result;
  // What it throws is pending, and thrown when this returns.
  napi_call_function(env, undefined, arguments[0], 0, nullptr, &result);
  return nullptr;
}

}  // namespace subskel
