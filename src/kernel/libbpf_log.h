#pragma once

#include <cstddef>
#include <string>

namespace subskel {

enum class LogLevel { kNone = -1, kWarn = 0, kInfo = 1, kDebug = 2 };

/// Routes libbpf's messages, which are process-wide, to the thread that makes the call. Once a process.
void InstallLibbpfLog();

/// While it lives, what libbpf prints on this thread at `level` or more important is kept here. Messages
/// outside of any capture are dropped: a library does not write to its user's terminal.
class LogCapture {
 public:
  explicit LogCapture(LogLevel level) noexcept;
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  /// What was kept, and forgets it. The beginning is dropped when it is more than 16 MB.
  std::string Take();

  void Append(const char* text, std::size_t length);
  LogLevel level() const noexcept { return level_; }

 private:
  const LogLevel level_;
  LogCapture* const outer_;
  bool truncated_ = false;
  std::string text_;
};

}  // namespace subskel
