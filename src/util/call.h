#pragma once

#include <cerrno>
#include <string>
#include <utility>

#include "kernel/libbpf_log.h"
#include "util/environment.h"
#include "util/errors.h"

namespace subskel {

/// Calls `function(arguments...)`, which answers a negative errno on failure: `name` is what it is called in
/// errors.
template <typename Function, typename... Arguments>
int CallInt(napi_env env, const char* name, const std::string& subject, Function&& function,
            Arguments&&... arguments) {
  Environment& environment = Environment::Of(env);
  LogCapture capture(environment.log_level);
  // Where libelf fails, libbpf answers -errno, which libelf does not set: a stale 0 would be taken for
  // success, and the linker would go on with nothing in hand.
  errno = EINVAL;
  const int result = function(std::forward<Arguments>(arguments)...);
  if (result < 0) throw BpfFailure(name, -result, subject, capture.Take());
  environment.last_log = capture.Take();
  return result;
}

/// The same for one that answers NULL and sets errno on failure.
template <typename Function, typename... Arguments>
auto CallPointer(napi_env env, const char* name, const std::string& subject, Function&& function,
                 Arguments&&... arguments) {
  Environment& environment = Environment::Of(env);
  LogCapture capture(environment.log_level);
  errno = 0;
  auto* const result = function(std::forward<Arguments>(arguments)...);
  if (result == nullptr) {
    const int error = errno;
    throw BpfFailure(name, error != 0 ? error : EINVAL, subject, capture.Take());
  }
  environment.last_log = capture.Take();
  return result;
}

}  // namespace subskel
