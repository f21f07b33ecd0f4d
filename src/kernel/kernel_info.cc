#include "kernel/kernel_info.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "kernel/kernel_btf.h"
#include "util/args.h"
#include "util/call.h"
#include "util/result.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

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
  const KernelBtf btf = ReadKernelBtf(info.Env(), id, "BTF " + std::to_string(id), with_bytes);
  Result result(info.Env());
  result.Put("id", btf.info.id);
  result.Put("name", btf.name);
  result.Put("kernelBtf", btf.info.kernel_btf != 0);
  result.Put("size", btf.info.btf_size);
  result.Put("bytes", CopyOf(info.Env(), btf.bytes.data(), btf.bytes.size()));
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
