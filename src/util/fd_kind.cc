#include "util/fd_kind.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "util/errors.h"

namespace subskel {

namespace {

const char* NameOf(FdKind kind) {
  switch (kind) {
    case FdKind::kProgram:
      return "a BPF program";
    case FdKind::kMap:
      return "a BPF map";
    case FdKind::kLink:
      return "a BPF link";
    case FdKind::kOther:
    case FdKind::kUnknown:
      return "something else";
  }
  return "";
}

}  // namespace

FdKind KindOf(int fd) noexcept {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  char target[64];
  const ssize_t length = readlink(path, target, sizeof target);
  // An empty folder at /proc looks like a descriptor that is not open.
  if (length <= 0) return fcntl(fd, F_GETFD) < 0 ? FdKind::kOther : FdKind::kUnknown;
  const std::string_view name(target, static_cast<std::size_t>(length));
  if (name == "anon_inode:bpf-prog") return FdKind::kProgram;
  if (name == "anon_inode:bpf-map") return FdKind::kMap;
  if (name == "anon_inode:bpf_link" || name == "anon_inode:bpf-link") return FdKind::kLink;
  return FdKind::kOther;
}

void CheckKind(int fd, FdKind kind, const std::string& subject) {
  const FdKind found = KindOf(fd);
  if (found == kind) return;
  if (found == FdKind::kUnknown) {
    throw UnsupportedFailure("readlink", subject,
                             subject + ": /proc is not mounted, which tells what a descriptor refers to");
  }
  throw ArgumentFailure(subject + " is not " + NameOf(kind) + ", but " + NameOf(found));
}

}  // namespace subskel
