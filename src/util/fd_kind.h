#pragma once

#include <string>

namespace subskel {

/// kUnknown: there is no /proc.
enum class FdKind { kProgram, kMap, kLink, kOther, kUnknown };

/// What a descriptor refers to, as /proc/self/fd names it: bpf(2) takes any kind of BPF descriptor where it
/// asks for information or pins, and answers for what it got.
FdKind KindOf(int fd) noexcept;

/// Throws an 'argument' failure where `fd` refers to something else, 'unsupported' without /proc.
void CheckKind(int fd, FdKind kind, const std::string& subject);

}  // namespace subskel
