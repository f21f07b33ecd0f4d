#include "program/program_code.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

using Bytes = std::vector<std::uint8_t>;

// SAFETY: the kernel writes at most the length that is set beside each pointer; the buffers outlive the call.
template <typename Address>
void Give(Bytes& bytes, Address& pointer) {
  pointer = bytes.empty() ? 0 : reinterpret_cast<std::uintptr_t>(bytes.data());
}

/// Nothing where the kernel took the pointer back, or the length: it does not let everybody see code.
template <typename Address>
Napi::Value Copy(Napi::Env env, const Bytes& bytes, std::size_t length, Address pointer) {
  const std::size_t size = pointer == 0 ? 0 : std::min(bytes.size(), length);
  return CopyOf(env, bytes.data(), size);
}

}  // namespace

Napi::Value ProgramCode(Napi::Env env, int fd, const std::string& subject) {
  constexpr const char* name = "bpf_prog_get_info_by_fd";
  bpf_prog_info info = {};
  __u32 length = sizeof info;
  CallInt(env, name, subject, bpf_prog_get_info_by_fd, fd, &info, &length);
  Bytes translated(info.xlated_prog_len);
  Bytes machine(info.jited_prog_len);
  const std::size_t line_size = info.line_info_rec_size;
  const std::size_t address_size = info.jited_line_info_rec_size;
  Bytes lines(info.nr_line_info * line_size);
  Bytes addresses(info.nr_jited_line_info * address_size);
  const bpf_prog_info first = info;
  info = {};
  info.xlated_prog_len = first.xlated_prog_len;
  info.jited_prog_len = first.jited_prog_len;
  info.nr_line_info = first.nr_line_info;
  info.line_info_rec_size = first.line_info_rec_size;
  info.nr_jited_line_info = first.nr_jited_line_info;
  info.jited_line_info_rec_size = first.jited_line_info_rec_size;
  Give(translated, info.xlated_prog_insns);
  Give(machine, info.jited_prog_insns);
  Give(lines, info.line_info);
  Give(addresses, info.jited_line_info);
  length = sizeof info;
  CallInt(env, name, subject, bpf_prog_get_info_by_fd, fd, &info, &length);

  Result result(env);
  result.Put("btfId", info.btf_id);
  result.Put("translated", Copy(env, translated, info.xlated_prog_len, info.xlated_prog_insns));
  result.Put("machine", Copy(env, machine, info.jited_prog_len, info.jited_prog_insns));
  result.Put("lines", Copy(env, lines, info.nr_line_info * line_size, info.line_info));
  result.Put("lineSize", static_cast<std::uint32_t>(line_size));
  result.Put("addresses", Copy(env, addresses, info.nr_jited_line_info * address_size, info.jited_line_info));
  result.Put("addressSize", static_cast<std::uint32_t>(address_size));
  return result;
}

}  // namespace subskel
