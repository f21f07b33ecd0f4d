#include "program/socket_attach.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "util/args.h"
#include "util/call.h"

// Later than the oldest C library that we build with.
#ifndef SO_DETACH_REUSEPORT_BPF
#define SO_DETACH_REUSEPORT_BPF 68
#endif

namespace subskel {

namespace {

int Answered(int result) {
  return result < 0 ? -errno : result;
}

/// Tells a socket from another that has its descriptor later.
int Cookie(int fd, std::uint64_t& cookie) {
  socklen_t size = sizeof cookie;
  return Answered(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size));
}

}  // namespace

/// (fd, program, reuseport, subject): the socket's cookie.
Napi::Value AttachSocket(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const int program = args::FileDescriptor(info[1], "program");
  const bool reuseport = args::Boolean(info[2], "reuseport");
  const std::string subject = args::Text(info[3], "subject");
  std::uint64_t cookie = 0;
  CallInt(info.Env(), "SO_COOKIE", "descriptor " + std::to_string(fd), Cookie, fd, cookie);
  CallInt(info.Env(), reuseport ? "SO_ATTACH_REUSEPORT_EBPF" : "SO_ATTACH_BPF", subject, [&] {
    const int option = reuseport ? SO_ATTACH_REUSEPORT_EBPF : SO_ATTACH_BPF;
    return Answered(setsockopt(fd, SOL_SOCKET, option, &program, sizeof program));
  });
  return Napi::BigInt::New(info.Env(), cookie);
}

/// (fd, reuseport, cookie, subject): false where the descriptor is not that socket's any more.
Napi::Value DetachSocket(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const bool reuseport = args::Boolean(info[1], "reuseport");
  const std::uint64_t expected = args::Uint64(info[2], "cookie");
  const std::string subject = args::Text(info[3], "subject");
  std::uint64_t cookie = 0;
  if (Cookie(fd, cookie) < 0 || cookie != expected) return Napi::Boolean::New(info.Env(), false);
  CallInt(info.Env(), reuseport ? "SO_DETACH_REUSEPORT_BPF" : "SO_DETACH_BPF", subject, [&] {
    const int option = reuseport ? SO_DETACH_REUSEPORT_BPF : SO_DETACH_BPF;
    const int unused = 0;
    return Answered(setsockopt(fd, SOL_SOCKET, option, &unused, sizeof unused));
  });
  return Napi::Boolean::New(info.Env(), true);
}

}  // namespace subskel
