#pragma once

#include <linux/bpf.h>
#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace subskel {

/// BTF that the kernel has: what bpf_btf_get_info_by_fd says of it.
struct KernelBtf {
  bpf_btf_info info = {};
  std::string name;
  /// Only if they were asked for.
  std::vector<std::uint8_t> bytes;
};

KernelBtf ReadKernelBtf(napi_env env, std::uint32_t id, const std::string& subject, bool with_bytes);

}  // namespace subskel
