// The functions of MapElements that find or make maps that no object owns.

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <linux/bpf.h>

#include <atomic>
#include <iterator>
#include <memory>
#include <string>

#include "map/map_elements.h"
#include "util/args.h"
#include "util/blocked_signals.h"
#include "util/call.h"
#include "util/descriptor_room.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

Napi::Value Own(Napi::Env env, int fd, std::string subject) {
  return MapElements::Wrap(env, std::make_shared<MapHandle>(UniqueFd(fd), std::move(subject)));
}

/// Whether libbpf may be given a map's name: it then tries once for the process, by loading a program,
/// whether the kernel takes names, and takes every refusal for a "no". A process that has no privileges yet,
/// or no memory, would lose the names of its maps and programs for good.
bool MayBeNamed() noexcept {
  static std::atomic<bool> known = false;
  if (known) return true;
  constexpr bpf_insn instructions[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  const BlockedSignals blocked;
  const UniqueFd program(bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, nullptr, "GPL", instructions,
                                       std::size(instructions), nullptr));
  known = static_cast<bool>(program);
  return known;
}

/// BPF_F_RDONLY, BPF_F_WRONLY.
std::uint32_t OpenFlags(const Napi::Value& value) {
  return args::Uint32(value, "flags");
}

struct FreeBtf {
  void operator()(btf* types) const noexcept { btf__free(types); }
};
using LoadedBtf = std::unique_ptr<btf, FreeBtf>;

/// In the kernel, for as long as it is here or a map has it.
LoadedBtf LoadBtf(napi_env env, const args::Bytes& bytes, const std::string& subject) {
  LoadedBtf types(
      CallPointer(env, "btf__new", subject, btf__new, bytes.data, static_cast<__u32>(bytes.size)));
  CallInt(env, "btf__load_into_kernel", subject, btf__load_into_kernel, types.get());
  return types;
}

}  // namespace

Napi::Value MapElements::Create(const Napi::CallbackInfo& info) {
  const Napi::Object options = args::PlainObject(info[0], "options");
  const auto number = [&](const char* name) { return args::OptionalUint32(options, name).value_or(0); };
  const std::string name = args::OptionalText(options, "name").value_or("");
  const std::uint32_t type = number("type");
  const std::uint32_t key_size = number("keySize");
  const std::uint32_t value_size = number("valueSize");
  const std::uint32_t max_entries = number("maxEntries");
  bpf_map_create_opts raw = {};
  raw.sz = sizeof raw;
  raw.map_flags = number("flags");
  raw.map_extra = number("extra");
  raw.numa_node = number("numaNode");
  raw.btf_key_type_id = number("btfKeyTypeId");
  raw.btf_value_type_id = number("btfValueTypeId");
  const Napi::Value types = options.Get("btf");
  // Looked at last: getters may close it.
  const Napi::Value inner = options.Get("inner");
  const std::string subject = "map '" + name + "'";
  LoadedBtf loaded;
  if (!types.IsUndefined()) {
    loaded = LoadBtf(info.Env(), args::ByteArray(types, "btf"), subject);
    raw.btf_fd = static_cast<__u32>(btf__fd(loaded.get()));
  }
  if (!inner.IsUndefined()) raw.inner_map_fd = static_cast<__u32>(HandleOf(inner, "inner")->LiveFd());
  CheckDescriptorRoom("bpf_map_create", subject);
  const char* const given = name.empty() || !MayBeNamed() ? nullptr : name.c_str();
  const int fd = CallInt(info.Env(), "bpf_map_create", subject, [&] {
    const BlockedSignals blocked;
    return bpf_map_create(static_cast<bpf_map_type>(type), given, key_size, value_size, max_entries, &raw);
  });
  return Own(info.Env(), fd, subject);
}

Napi::Value MapElements::OpenPinned(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  struct bpf_obj_get_opts options = {};
  options.sz = sizeof options;
  options.file_flags = OpenFlags(info[1]);
  const std::string subject = "'" + path + "'";
  const int fd = CallInt(info.Env(), "bpf_obj_get", subject, bpf_obj_get_opts, path.c_str(), &options);
  return Own(info.Env(), fd, "map at " + subject);
}

Napi::Value MapElements::OpenId(const Napi::CallbackInfo& info) {
  const std::uint32_t id = args::Uint32(info[0], "id");
  bpf_get_fd_by_id_opts options = {};
  options.sz = sizeof options;
  options.open_flags = OpenFlags(info[1]);
  const std::string subject = "map with id " + std::to_string(id);
  const int fd =
      CallInt(info.Env(), "bpf_map_get_fd_by_id", subject, bpf_map_get_fd_by_id_opts, id, &options);
  return Own(info.Env(), fd, subject);
}

Napi::Value MapElements::OpenFd(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::string subject = "file descriptor " + std::to_string(fd);
  return Own(info.Env(), UniqueFd::Duplicate(fd, subject).Release(), subject);
}

}  // namespace subskel
