#include "util/descriptor_room.h"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <vector>

#include "util/errors.h"
#include "util/unique_fd.h"

namespace subskel {

void CheckDescriptorRoom(const char* syscall, const std::string& subject, std::size_t count) {
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
