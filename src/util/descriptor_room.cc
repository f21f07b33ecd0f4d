#include "util/descriptor_room.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <vector>

#include "util/errors.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

/// Whether the highest `count` numbers that the process may have are free, in one call: enough, and mostly
/// so.
bool HighestAreFree(std::size_t count) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  const auto end = static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, INT_MAX));
  if (end < count) return false;
  std::vector<pollfd> highest(count);
  for (std::size_t i = 0; i < count; i++) highest[i].fd = static_cast<int>(end - 1 - i);
  if (poll(highest.data(), count, 0) != static_cast<int>(count)) return false;
  return std::all_of(highest.begin(), highest.end(),
                     [](const pollfd& each) { return each.revents == POLLNVAL; });
}

}  // namespace

void CheckDescriptorRoom(const char* syscall, const std::string& subject, std::size_t count) {
  if (HighestAreFree(count)) return;
  std::vector<UniqueFd> room;
  room.reserve(count);
  while (room.size() < count) {
    // Copies of one: an object with many programs wants room for many.
    room.emplace_back(room.empty() ? eventfd(0, EFD_CLOEXEC) : fcntl(room.front().get(), F_DUPFD_CLOEXEC, 0));
    if (room.back()) continue;
    const int error = errno;
    throw BpfFailure(syscall, error, subject,
                     "it may take " + std::to_string(count) + " file descriptors, and there is room for " +
                         std::to_string(room.size() - 1));
  }
}

}  // namespace subskel
