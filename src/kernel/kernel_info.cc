#include "kernel/kernel_info.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "util/args.h"
#include "util/call.h"
#include "util/result.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

/// What is behind split BTF of a module fits here; the kernel's own limit is 16 MB, of which its header is
/// aware.
constexpr std::uint32_t kMaximumBtf = 256u << 20;

struct Walk {
  const char* kind;
  const char* syscall;
  int (*next)(std::uint32_t, std::uint32_t*);
};

constexpr Walk kWalks[] = {
    {"program", "bpf_prog_get_next_id", bpf_prog_get_next_id},
    {"map", "bpf_map_get_next_id", bpf_map_get_next_id},
    {"link", "bpf_link_get_next_id", bpf_link_get_next_id},
    {"btf", "bpf_btf_get_next_id", bpf_btf_get_next_id},
};

const Walk& WalkOf(const std::string& kind) {
  for (const Walk& walk : kWalks) {
    if (kind == walk.kind) return walk;
  }
  args::Refuse("kind", "'program', 'map', 'link' or 'btf'");
}

bpf_btf_info Info(napi_env env, const std::string& subject, int fd, void* bytes, std::uint32_t size,
                  char* name, std::uint32_t name_size) {
  bpf_btf_info btf = {};
  btf.btf = reinterpret_cast<std::uint64_t>(bytes);
  btf.btf_size = size;
  btf.name = reinterpret_cast<std::uint64_t>(name);
  btf.name_len = name_size;
  std::uint32_t length = sizeof btf;
  // SAFETY: the kernel writes at most `size` bytes to `bytes` and `name_size` to `name`, during the call.
  CallInt(env, "bpf_btf_get_info_by_fd", subject, bpf_btf_get_info_by_fd, fd, &btf, &length);
  return btf;
}

}  // namespace

Napi::Value NextId(const Napi::CallbackInfo& info) {
  const Walk& walk = WalkOf(args::Text(info[0], "kind"));
  const std::uint32_t after = args::Uint32(info[1], "after");
  std::uint32_t next = 0;
  CallInt(info.Env(), walk.syscall, "", [&] {
    const int result = walk.next(after, &next);
    if (result == -ENOENT) next = 0;
    return result == -ENOENT ? 0 : result;
  });
  return Napi::Number::New(info.Env(), next);
}

Napi::Value BtfById(const Napi::CallbackInfo& info) {
  const std::uint32_t id = args::Uint32(info[0], "id");
  const bool with_bytes = args::Boolean(info[1], "withBytes");
  const std::string subject = "BTF " + std::to_string(id);
  const UniqueFd fd(CallInt(info.Env(), "bpf_btf_get_fd_by_id", subject, bpf_btf_get_fd_by_id, id));
  char name[64] = {};
  bpf_btf_info btf = Info(info.Env(), subject, fd.get(), nullptr, 0, name, sizeof name - 1);
  const std::uint32_t size = btf.btf_size;
  if (size > kMaximumBtf) {
    throw UnsupportedFailure("bpf_btf_get_info_by_fd", subject, subject + " is larger than any BTF");
  }
  std::vector<std::uint8_t> bytes(with_bytes ? size : 0);
  if (with_bytes) btf = Info(info.Env(), subject, fd.get(), bytes.data(), size, name, sizeof name - 1);
  const Napi::Env env = info.Env();
  Result result(env);
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(copy.Data(), bytes.data(), bytes.size());
  result.Put("id", Napi::Number::New(env, btf.id));
  result.Put("name", Napi::String::New(env, name));
  result.Put("kernelBtf", Napi::Boolean::New(env, btf.kernel_btf != 0));
  result.Put("size", Napi::Number::New(env, size));
  result.Put("bytes", copy);
  return result;
}

Napi::Value QueryTaskFd(const Napi::CallbackInfo& info) {
  const int pid = args::Int32(info[0], "pid");
  const int fd = args::FileDescriptor(info[1], "fd");
  // A function's name, or the path of a file.
  char text[4096 + 1] = {};
  __u32 length = sizeof text - 1;
  __u32 program = 0;
  __u32 type = 0;
  __u64 offset = 0;
  __u64 address = 0;
  const std::string subject = "descriptor " + std::to_string(fd) + " of process " + std::to_string(pid);
  // SAFETY: the kernel writes at most `length` bytes, the NUL included.
  CallInt(info.Env(), "bpf_task_fd_query", subject, bpf_task_fd_query, pid, fd, 0, text, &length, &program,
          &type, &offset, &address);
  Result result(info.Env());
  result.Put("programId", program);
  result.Put("type", type);
  result.Put("text", text);
  result.Put("offset", Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(offset)));
  result.Put("address", Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(address)));
  return result;
}

Napi::Value ReadStream(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "programFd");
  const std::uint32_t stream = args::Uint32(info[1], "stream");
  const args::Bytes buffer = args::ByteArray(info[2], "buffer");
  if (buffer.size == 0 || buffer.size > INT32_MAX)
    args::Refuse("buffer", "a Uint8Array of 1 to 2147483647 bytes");
  const std::string subject = "program with descriptor " + std::to_string(fd);
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 7
  // SAFETY: no JavaScript runs during the call, so the buffer stays where it is; the kernel copies at most
  // its size.
  const int count = CallInt(info.Env(), "bpf_prog_stream_read", subject, bpf_prog_stream_read, fd, stream,
                            buffer.data, static_cast<std::uint32_t>(buffer.size), nullptr);
  return Napi::Number::New(info.Env(), count);
#else
  throw UnsupportedFailure("bpf_prog_stream_read", subject,
                           "reading a program's stream needs libbpf 1.7; this build has an older one");
#endif
}

}  // namespace subskel
