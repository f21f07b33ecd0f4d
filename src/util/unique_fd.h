#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "util/errors.h"

namespace subskel {

/// Owns one file descriptor, or none (-1).
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    Close();
    fd_ = other.Release();
    return *this;
  }
  ~UniqueFd() { Close(); }

  /// A second descriptor of what `fd` refers to: ours, whatever happens to that number.
  static UniqueFd Duplicate(int fd, const std::string& subject) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) throw BpfFailure("fcntl", errno, subject, "file descriptor " + std::to_string(fd));
    return UniqueFd(copy);
  }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int Release() noexcept { return std::exchange(fd_, -1); }
  void Close() noexcept {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace subskel
