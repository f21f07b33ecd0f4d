#pragma once

#include <cstddef>
#include <string>

namespace subskel {

/// What finding out what the kernel can, by trying, has open at a time, and some for other threads.
constexpr std::size_t kProbeDescriptors = 8;

/// Throws EMFILE or ENFILE, in the name of `syscall`, where `count` file descriptors cannot be opened now.
///
/// libbpf tries what the kernel can in the middle of loading and attaching, once for the process, and takes
/// every failure for the kernel's "no". Where descriptors are short, it would remember for good that there
/// are no global variables.
void CheckDescriptorRoom(const char* syscall, const std::string& subject,
                         std::size_t count = kProbeDescriptors);

}  // namespace subskel
