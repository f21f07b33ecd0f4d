#include "kernel/kernel_btf.h"

#include <bpf/bpf.h>

#include "util/call.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

/// What is behind split BTF of a module fits here; the kernel's own limit is 16 MB, of which its header is
/// aware.
constexpr std::uint32_t kMaximumBtf = 256u << 20;

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

KernelBtf ReadKernelBtf(napi_env env, std::uint32_t id, const std::string& subject, bool with_bytes) {
  const UniqueFd fd(CallInt(env, "bpf_btf_get_fd_by_id", subject, bpf_btf_get_fd_by_id, id));
  char name[64] = {};
  KernelBtf btf;
  btf.info = Info(env, subject, fd.get(), nullptr, 0, name, sizeof name - 1);
  const std::uint32_t size = btf.info.btf_size;
  if (size > kMaximumBtf) {
    throw UnsupportedFailure("bpf_btf_get_info_by_fd", subject, subject + " is larger than any BTF");
  }
  if (with_bytes) {
    btf.bytes.resize(size);
    btf.info = Info(env, subject, fd.get(), btf.bytes.data(), size, name, sizeof name - 1);
  }
  btf.info.btf_size = size;
  btf.name = name;
  return btf;
}

}  // namespace subskel
