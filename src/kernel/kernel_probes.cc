#include "kernel/kernel_probes.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <string>

#include "kernel/probe_error.h"
#include "util/args.h"
#include "util/blocked_signals.h"
#include "util/call.h"
#include "util/descriptor_room.h"
#include "util/result.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

// The mapper puts the commas.
#define SUBSKEL_HELPER_NAME(name) "bpf_" #name
constexpr const char* kHelperNames[] = {__BPF_FUNC_MAPPER(SUBSKEL_HELPER_NAME)};
#undef SUBSKEL_HELPER_NAME

/// libbpf's probes answer "no" (of helpers: "yes") where the kernel refuses to be asked.
template <typename Function>
Napi::Value Ask(const Napi::CallbackInfo& info, const char* syscall, const std::string& subject,
                Function&& function) {
  CheckDescriptorRoom(syscall, subject);
  int refused = 0;
  const int result = CallInt(info.Env(), syscall, subject, [&] {
    const BlockedSignals blocked;
    errno = 0;
    const int answer = function();
    refused = errno;
    return answer;
  });
  if (refused == EPERM || SaysNothing(refused)) throw BpfFailure(syscall, refused, subject);
  return Napi::Boolean::New(info.Env(), result > 0);
}

/// A link of each kind is made wrongly on purpose: which error the kernel gives tells whether it knows the
/// kind.
struct LinkProbe {
  const char* name;
  bpf_prog_type program_type;
  bpf_attach_type expected;
  bpf_attach_type attach;
  /// A file descriptor or an interface that is not there.
  int target;
};

constexpr int kNoFd = -1;
constexpr int kNoInterface = INT32_MAX;
constexpr int kLoopback = 1;

/// Of Linux 6.13; libbpf before 1.6 lacks the name. Values of the kernel's enums never change.
constexpr auto kUprobeSession = static_cast<bpf_attach_type>(BPF_TRACE_KPROBE_SESSION + 1);
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 6
static_assert(kUprobeSession == BPF_TRACE_UPROBE_SESSION);
#endif

constexpr LinkProbe kLinks[] = {
    {"link cgroup", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS, BPF_CGROUP_INET_INGRESS, kNoFd},
    {"link netns", BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, kNoFd},
    {"link xdp", BPF_PROG_TYPE_XDP, BPF_XDP, BPF_XDP, kLoopback},
    {"link perf_event", BPF_PROG_TYPE_TRACEPOINT, BPF_CGROUP_INET_INGRESS, BPF_PERF_EVENT, kNoFd},
    {"link kprobe_multi", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, BPF_TRACE_KPROBE_MULTI, 0},
    {"link kprobe_session", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_SESSION, BPF_TRACE_KPROBE_SESSION, 0},
    {"link uprobe_multi", BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI, BPF_TRACE_UPROBE_MULTI, 0},
    {"link uprobe_session", BPF_PROG_TYPE_KPROBE, kUprobeSession, kUprobeSession, 0},
    {"link netfilter", BPF_PROG_TYPE_NETFILTER, BPF_NETFILTER, BPF_NETFILTER, 0},
    {"link tcx", BPF_PROG_TYPE_SCHED_CLS, BPF_TCX_INGRESS, BPF_TCX_INGRESS, kNoInterface},
    {"link netkit", BPF_PROG_TYPE_SCHED_CLS, BPF_NETKIT_PRIMARY, BPF_NETKIT_PRIMARY, kNoInterface},
    {"link sockmap", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT, BPF_SK_MSG_VERDICT, kNoFd},
};

/// `r0 = 1; exit`: netfilter programs may answer 0 or 1, sk_msg and sk_lookup 0 or 1 too.
int LoadProgram(const LinkProbe& probe) {
  constexpr bpf_insn instructions[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 1},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = probe.expected);
  return bpf_prog_load(probe.program_type, nullptr, "GPL", instructions, std::size(instructions), &options);
}

/// Negative errno; a link that was made after all is gone at once.
int TryLink(const LinkProbe& probe) {
  const int program = LoadProgram(probe);
  if (program < 0) return program;
  const UniqueFd owner(program);
  LIBBPF_OPTS(bpf_link_create_opts, options);
  const char* symbol = "libbpf_subskel_no_such_function";
  const unsigned long offset = 0;
  switch (probe.attach) {
    case BPF_TRACE_KPROBE_MULTI:
    case BPF_TRACE_KPROBE_SESSION:
      options.kprobe_multi.syms = &symbol;
      options.kprobe_multi.cnt = 1;
      break;
    case BPF_TRACE_UPROBE_MULTI:
    case kUprobeSession:
      // Not a regular file: EBADF.
      options.uprobe_multi.path = "/";
      options.uprobe_multi.offsets = &offset;
      options.uprobe_multi.cnt = 1;
      break;
    case BPF_XDP:
      // The loopback driver has no XDP of its own: EOPNOTSUPP. (For no interface at all there would be
      // EINVAL.)
      options.flags = XDP_FLAGS_DRV_MODE;
      break;
    case BPF_NETFILTER:
      // No protocol family has this number: EAFNOSUPPORT.
      options.netfilter.pf = UINT8_MAX;
      break;
    default:
      break;
  }
  const int link = bpf_link_create(program, probe.target, probe.attach, &options);
  if (link < 0) return link;
  const UniqueFd made(link);
  return 0;
}

int TryStructOpsLink() {
  const int link = bpf_link_create(kNoFd, 0, BPF_STRUCT_OPS, nullptr);
  if (link < 0) return link;
  const UniqueFd made(link);
  return 0;
}

int TryMap(bpf_map_type type, std::uint32_t flags, bool batch) {
  LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = flags);
  const int map = bpf_map_create(type, nullptr, 4, 4, 1, &options);
  if (map < 0) return map;
  const UniqueFd owner(map);
  if (!batch) return 0;
  const std::uint32_t key = 0;
  const std::uint32_t value = 0;
  std::uint32_t count = 1;
  return bpf_map_update_batch(map, &key, &value, &count, nullptr);
}

int TryToken() {
  const int token = bpf_token_create(kNoFd, nullptr);
  if (token < 0) return token;
  const UniqueFd made(token);
  return 0;
}

int TryStream() {
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 7
  char byte;
  return bpf_prog_stream_read(kNoFd, BPF_STREAM_STDOUT, &byte, sizeof byte, nullptr);
#else
  // What a kernel without it answers: this build cannot use it either.
  return -EINVAL;
#endif
}

int Try(const std::string& name) {
  if (name == "batch") return TryMap(BPF_MAP_TYPE_HASH, 0, true);
  if (name == "mmapable array") return TryMap(BPF_MAP_TYPE_ARRAY, BPF_F_MMAPABLE, false);
  if (name == "token") return TryToken();
  if (name == "stream") return TryStream();
  if (name == "link struct_ops") return TryStructOpsLink();
  for (const LinkProbe& probe : kLinks) {
    if (name == probe.name) return TryLink(probe);
  }
  args::Refuse("name", "the name of a probe");
}

}  // namespace

Napi::Value ProbeProgramType(const Napi::CallbackInfo& info) {
  const std::uint32_t type = args::Uint32(info[0], "type");
  return Ask(info, "libbpf_probe_bpf_prog_type", "",
             [&] { return libbpf_probe_bpf_prog_type(static_cast<bpf_prog_type>(type), nullptr); });
}

Napi::Value ProbeMapType(const Napi::CallbackInfo& info) {
  const std::uint32_t type = args::Uint32(info[0], "type");
  return Ask(info, "libbpf_probe_bpf_map_type", "",
             [&] { return libbpf_probe_bpf_map_type(static_cast<bpf_map_type>(type), nullptr); });
}

Napi::Value ProbeHelper(const Napi::CallbackInfo& info) {
  const std::uint32_t type = args::Uint32(info[0], "programType");
  const std::uint32_t helper = args::Uint32(info[1], "helper");
  const std::string subject =
      helper < std::size(kHelperNames) ? kHelperNames[helper] : std::to_string(helper);
  return Ask(info, "libbpf_probe_bpf_helper", subject, [&] {
    return libbpf_probe_bpf_helper(static_cast<bpf_prog_type>(type), static_cast<bpf_func_id>(helper),
                                   nullptr);
  });
}

Napi::Value HelperNames(const Napi::CallbackInfo& info) {
  ResultList names(info.Env());
  for (const char* name : kHelperNames) names.Add(Napi::String::New(info.Env(), name));
  return names;
}

Napi::Value Probe(const Napi::CallbackInfo& info) {
  const std::string name = args::Text(info[0], "name");
  const std::string subject = "probe '" + name + "'";
  return Napi::Number::New(info.Env(), ErrorOf(info, "bpf", subject, [&] { return Try(name); }));
}

}  // namespace subskel
