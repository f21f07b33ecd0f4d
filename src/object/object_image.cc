#include "object/object_image.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "util/unique_fd.h"

namespace subskel {

ObjectImage ObjectImage::Copy(const args::Bytes& bytes) {
  ObjectImage image(bytes.size);
  if (bytes.size != 0) std::memcpy(image.data(), bytes.data, bytes.size);
  return image;
}

std::optional<ObjectImage> ObjectImage::Read(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  ObjectImage image(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < image.size_) {
    const ssize_t count = read(file.get(), image.data() + done, image.size_ - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  image.size_ = done;
  if (done == 0) return std::nullopt;
  return image;
}

}  // namespace subskel
