#include "kernel/pidfd.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "util/args.h"
#include "util/owned_fd.h"

namespace subskel {

namespace {

/// The same on all architectures.
constexpr long kPidfdOpen = 434;
/// linux/pidfd.h: PIDFD_THREAD, kernel 6.9.
constexpr unsigned int kThread = O_EXCL;

}  // namespace

Napi::Value OpenPidfd(const Napi::CallbackInfo& info) {
  const std::uint32_t pid = args::Uint32(info[0], "pid");
  const bool thread = args::Boolean(info[1], "thread");
  const long fd = syscall(kPidfdOpen, static_cast<pid_t>(pid), thread ? kThread : 0U);
  if (fd < 0) {
    throw BpfFailure("pidfd_open", errno, (thread ? "thread " : "process ") + std::to_string(pid));
  }
  return OwnedFd::Wrap(info.Env(), UniqueFd(static_cast<int>(fd)));
}

}  // namespace subskel
