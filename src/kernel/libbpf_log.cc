#include "kernel/libbpf_log.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <utility>
#include <vector>

namespace subskel {

namespace {

constexpr std::size_t kMaximum = 16u << 20;

thread_local LogCapture* current = nullptr;

int Print(libbpf_print_level level, const char* format, va_list arguments) noexcept {
  LogCapture* capture = current;
  if (capture == nullptr || static_cast<int>(level) > static_cast<int>(capture->level())) return 0;
  va_list again;
  va_copy(again, arguments);
  // SAFETY: C frames of libbpf lie between here and our caller, so nothing may be thrown through them; a
  // message that does not fit into memory is dropped.
  try {
    char line[512];
    const int length = vsnprintf(line, sizeof line, format, arguments);
    if (length >= 0 && static_cast<std::size_t>(length) < sizeof line) {
      capture->Append(line, static_cast<std::size_t>(length));
    } else if (length > 0) {
      // The verifier's log comes as one message, which can be megabytes.
      std::vector<char> whole(static_cast<std::size_t>(length) + 1);
      vsnprintf(whole.data(), whole.size(), format, again);
      capture->Append(whole.data(), static_cast<std::size_t>(length));
    }
  } catch (...) {
  }
  va_end(again);
  return 0;
}

}  // namespace

void InstallLibbpfLog() {
  static const libbpf_print_fn_t previous = libbpf_set_print(Print);
  static_cast<void>(previous);
}

LogCapture::LogCapture(LogLevel level) noexcept : level_(level), outer_(current) {
  current = this;
}

LogCapture::~LogCapture() {
  current = outer_;
}

std::string LogCapture::Take() {
  if (!truncated_) return std::exchange(text_, {});
  truncated_ = false;
  return "[earlier messages dropped]\n" + std::exchange(text_, {});
}

void LogCapture::Append(const char* text, std::size_t length) {
  if (length > kMaximum) {
    // The end of a verifier log says what is wrong.
    text += length - kMaximum;
    length = kMaximum;
    truncated_ = true;
  }
  if (text_.size() + length > kMaximum) {
    // Half of it at once, so that a flood of small messages does not move the text each time.
    const std::size_t keep = length >= kMaximum / 2 ? 0 : kMaximum / 2;
    if (text_.size() > keep) text_.erase(0, text_.size() - keep);
    truncated_ = true;
  }
  text_.append(text, length);
}

}  // namespace subskel
