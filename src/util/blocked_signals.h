#pragma once

#include <csignal>

namespace subskel {

/// Keeps signals from this thread for the duration of a call that the kernel gives up when one is pending:
/// the verifier then answers EAGAIN (libbpf tries five times, and a sampling profiler sends a signal each
/// millisecond), a repeated test run EINTR. They are delivered when the call is over. What is sent to the
/// process, as Ctrl-C is, another thread takes meanwhile, so that it still ends a process that does not
/// handle it.
class BlockedSignals {
 public:
  BlockedSignals() noexcept {
    sigset_t signals;
    sigfillset(&signals);
    // Those that this thread itself causes: blocked, they would end the process without their handlers.
    for (const int synchronous : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) {
      sigdelset(&signals, synchronous);
    }
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace subskel
