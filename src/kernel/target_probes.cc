#include "kernel/target_probes.h"

#include <bpf/bpf.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iterator>
#include <string>

#include "kernel/probe_error.h"
#include "util/args.h"
#include "util/result.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

constexpr int kNoFd = -1;

/// A program that does nothing, for one place of the kernel: a function, a tracepoint.
struct Target {
  bpf_prog_type program_type;
  bpf_attach_type attach_type;
  /// Of the function or typedef in the kernel's BTF, or in that of a module, which has an id.
  std::uint32_t btf_type;
  std::uint32_t btf_object;
  /// Of a raw tracepoint; empty where the type says what it is for.
  std::string name;
  bool sleepable;
  bool attach;
};

/// Negative errno. An attachment that is made is gone at once; until then the program runs there and answers
/// 0.
int TryTarget(const Target& target, bool& loaded) {
  constexpr bpf_insn instructions[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  int module = 0;
  if (target.btf_object != 0) {
    module = bpf_btf_get_fd_by_id(target.btf_object);
    if (module < 0) return module;
  }
  const UniqueFd module_owner(module == 0 ? kNoFd : module);
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = target.attach_type);
  options.attach_btf_id = target.btf_type;
  options.attach_btf_obj_fd = static_cast<std::uint32_t>(module);
  options.prog_flags = target.sleepable ? BPF_F_SLEEPABLE : 0;
  const int program =
      bpf_prog_load(target.program_type, nullptr, "GPL", instructions, std::size(instructions), &options);
  if (program < 0) return program;
  const UniqueFd owner(program);
  loaded = true;
  if (!target.attach) return 0;
  const int link = bpf_raw_tracepoint_open(target.name.empty() ? nullptr : target.name.c_str(), program);
  if (link < 0) return link;
  const UniqueFd made(link);
  return 0;
}

/// Negative errno. The probe counts for the moment that it is there; nothing runs.
int TryKprobe(std::uint32_t type, const std::string& function) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = type;
  attributes.disabled = 1;
  // SAFETY: the kernel copies the name before the call returns.
  attributes.config1 = reinterpret_cast<std::uintptr_t>(function.c_str());
  const long event = syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
  if (event < 0) return -errno;
  const UniqueFd made(static_cast<int>(event));
  return 0;
}

}  // namespace

Napi::Value ProbeTarget(const Napi::CallbackInfo& info) {
  const Napi::Object from = args::PlainObject(info[0], "target");
  Target target = {};
  target.program_type = static_cast<bpf_prog_type>(args::Uint32(from.Get("programType"), "programType"));
  target.attach_type = static_cast<bpf_attach_type>(args::Uint32(from.Get("attachType"), "attachType"));
  target.btf_type = args::OptionalUint32(from, "btfType").value_or(0);
  target.btf_object = args::OptionalUint32(from, "btfObject").value_or(0);
  target.name = args::Text(from.Get("name"), "name");
  target.sleepable = args::Boolean(from.Get("sleepable"), "sleepable");
  target.attach = args::Boolean(from.Get("attach"), "attach");
  bool loaded = false;
  const int error =
      ErrorOf(info, "bpf", args::Text(info[1], "subject"), [&] { return TryTarget(target, loaded); });
  Result result(info.Env());
  result.Put("loaded", loaded);
  result.Put("error", error);
  return result;
}

Napi::Value ProbeKprobe(const Napi::CallbackInfo& info) {
  const std::uint32_t type = args::Uint32(info[0], "type");
  const std::string function = args::Text(info[1], "function");
  return Napi::Number::New(info.Env(), ErrorOf(info, "perf_event_open", "kprobe '" + function + "'",
                                               [&] { return TryKprobe(type, function); }));
}

}  // namespace subskel
