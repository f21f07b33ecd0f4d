#pragma once

#include <bpf/bpf.h>

#include <cerrno>
#include <string>

#include "util/errors.h"

namespace subskel {

/// What the kernel says of the map behind a descriptor. The caller knows that it is one, or looks at the
/// type.
inline bpf_map_info MapInfo(int fd, const std::string& subject) {
  bpf_map_info map = {};
  __u32 length = sizeof map;
  if (bpf_map_get_info_by_fd(fd, &map, &length) < 0) {
    throw BpfFailure("bpf_map_get_info_by_fd", errno, subject);
  }
  return map;
}

}  // namespace subskel
