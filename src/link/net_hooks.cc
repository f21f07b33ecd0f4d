#include "link/net_hooks.h"

#include <bpf/libbpf.h>
#include <net/if.h>

#include <string>

#include "util/args.h"
#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

std::string InterfaceSubject(int index) {
  return "interface " + std::to_string(index);
}

/// { ifindex, attachPoint, parent }: enum bpf_tc_attach_point, and the parent of a custom one.
struct TcHook : bpf_tc_hook {
  explicit TcHook(const Napi::Value& value) : bpf_tc_hook() {
    const Napi::Object from = args::PlainObject(value, "hook");
    sz = sizeof(bpf_tc_hook);
    ifindex = args::InterfaceIndex(from.Get("ifindex"), "ifindex");
    attach_point = static_cast<bpf_tc_attach_point>(args::Uint32(from.Get("attachPoint"), "attachPoint"));
    parent = args::OptionalUint32(from, "parent").value_or(0);
  }
  std::string Subject() const { return "TC hook of " + InterfaceSubject(ifindex); }
};

struct TcOptions : bpf_tc_opts {
  explicit TcOptions(const Napi::Value& value) : bpf_tc_opts() {
    const Napi::Object from = args::PlainObject(value, "options");
    sz = sizeof(bpf_tc_opts);
    handle = args::OptionalUint32(from, "handle").value_or(0);
    priority = args::OptionalUint32(from, "priority").value_or(0);
    const Napi::Value program = from.Get("program");
    if (!program.IsUndefined()) prog_fd = args::FileDescriptor(program, "program");
    if (args::OptionalBoolean(from, "replace").value_or(false)) flags = BPF_TC_F_REPLACE;
  }

  Napi::Value Answer(Napi::Env env) const {
    Result result(env);
    result.Put("handle", handle);
    result.Put("priority", priority);
    result.Put("programId", prog_id);
    return result;
  }
};

}  // namespace

Napi::Value InterfaceIndex(const Napi::CallbackInfo& info) {
  const std::string name = args::Text(info[0], "name");
  const int index = CallInt(info.Env(), "if_nametoindex", "interface '" + name + "'", [&] {
    const unsigned found = if_nametoindex(name.c_str());
    return found == 0 ? -errno : static_cast<int>(found);
  });
  return Napi::Number::New(info.Env(), index);
}

Napi::Value CreateTcHook(const Napi::CallbackInfo& info) {
  TcHook hook(info[0]);
  // EEXIST is an answer: somebody else's qdisc.
  try {
    CallInt(info.Env(), "bpf_tc_hook_create", hook.Subject(), bpf_tc_hook_create, &hook);
  } catch (const Failure& failure) {
    if (failure.kind == Failure::Kind::kBpf && failure.error == EEXIST) {
      return Napi::Boolean::New(info.Env(), false);
    }
    throw;
  }
  return Napi::Boolean::New(info.Env(), true);
}

void DestroyTcHook(const Napi::CallbackInfo& info) {
  TcHook hook(info[0]);
  CallInt(info.Env(), "bpf_tc_hook_destroy", hook.Subject(), bpf_tc_hook_destroy, &hook);
}

Napi::Value AttachTc(const Napi::CallbackInfo& info) {
  const TcHook hook(info[0]);
  TcOptions options(info[1]);
  CallInt(info.Env(), "bpf_tc_attach", hook.Subject(), bpf_tc_attach, &hook, &options);
  return options.Answer(info.Env());
}

void DetachTc(const Napi::CallbackInfo& info) {
  const TcHook hook(info[0]);
  const TcOptions options(info[1]);
  CallInt(info.Env(), "bpf_tc_detach", hook.Subject(), bpf_tc_detach, &hook, &options);
}

Napi::Value QueryTc(const Napi::CallbackInfo& info) {
  const TcHook hook(info[0]);
  TcOptions options(info[1]);
  CallInt(info.Env(), "bpf_tc_query", hook.Subject(), bpf_tc_query, &hook, &options);
  return options.Answer(info.Env());
}

void AttachXdp(const Napi::CallbackInfo& info) {
  const int ifindex = args::InterfaceIndex(info[0], "ifindex");
  const int program = args::FileDescriptor(info[1], "program");
  const std::uint32_t flags = args::Uint32(info[2], "flags");
  bpf_xdp_attach_opts options = {};
  options.sz = sizeof options;
  if (!info[3].IsUndefined()) options.old_prog_fd = args::FileDescriptor(info[3], "expected");
  CallInt(info.Env(), "bpf_xdp_attach", InterfaceSubject(ifindex), bpf_xdp_attach, ifindex, program, flags,
          &options);
}

void DetachXdp(const Napi::CallbackInfo& info) {
  const int ifindex = args::InterfaceIndex(info[0], "ifindex");
  const std::uint32_t flags = args::Uint32(info[1], "flags");
  bpf_xdp_attach_opts options = {};
  options.sz = sizeof options;
  if (!info[2].IsUndefined()) options.old_prog_fd = args::FileDescriptor(info[2], "expected");
  CallInt(info.Env(), "bpf_xdp_detach", InterfaceSubject(ifindex), bpf_xdp_detach, ifindex, flags, &options);
}

Napi::Value QueryXdp(const Napi::CallbackInfo& info) {
  const int ifindex = args::InterfaceIndex(info[0], "ifindex");
  bpf_xdp_query_opts options = {};
  options.sz = sizeof options;
  CallInt(info.Env(), "bpf_xdp_query", InterfaceSubject(ifindex), bpf_xdp_query, ifindex, 0, &options);
  Result result(info.Env());
  result.Put("attached", options.attach_mode);
  result.Put("programId", options.prog_id);
  result.Put("driverProgramId", options.drv_prog_id);
  result.Put("hardwareProgramId", options.hw_prog_id);
  result.Put("genericProgramId", options.skb_prog_id);
  result.Put("features", static_cast<double>(options.feature_flags));
  result.Put("zeroCopyMaxSegments", options.xdp_zc_max_segs);
  return result;
}

}  // namespace subskel
