#pragma once

#include <napi.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "util/blocked_signals.h"
#include "util/call.h"
#include "util/descriptor_room.h"

namespace subskel {

/// Whether a try failed for want of something, which says nothing about what the kernel can.
inline bool SaysNothing(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN || error == EINTR;
}

/// The errno, unless it says nothing about the kernel.
template <typename Function>
int ErrorOf(const Napi::CallbackInfo& info, const char* syscall, const std::string& subject,
            Function&& function) {
  CheckDescriptorRoom(syscall, subject);
  LogCapture capture(Environment::Of(info.Env()).log_level);
  const BlockedSignals blocked;
  const int error = -std::min(function(), 0);
  if (SaysNothing(error)) throw BpfFailure(syscall, error, subject);
  return error;
}

}  // namespace subskel
