// The addon's exports: `NativeAddon` of lib/native/surface/addon.ts.

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <napi.h>

#include <iterator>
#include <string>
#include <utility>

#include "events/perf_buffer.h"
#include "events/ring_buffer.h"
#include "events/user_ring_buffer.h"
#include "kernel/btf_dump.h"
#include "kernel/kernel_info.h"
#include "kernel/kernel_probes.h"
#include "kernel/libbpf_log.h"
#include "kernel/pidfd.h"
#include "kernel/possible_cpus.h"
#include "kernel/target_probes.h"
#include "link/bpf_link.h"
#include "link/net_hooks.h"
#include "link/perf_event.h"
#include "map/bpf_map.h"
#include "map/map_elements.h"
#include "memory/map_memory.h"
#include "memory/read_only_pages.h"
#include "object/bpf_object.h"
#include "object/linker.h"
#include "program/bpf_program.h"
#include "program/prog_attach.h"
#include "program/socket_attach.h"
#include "util/args.h"
#include "util/call.h"
#include "util/owned_fd.h"
#include "util/shared_fd.h"
#include "util/stack_room.h"

namespace subskel {

namespace {

Napi::Value CountPossibleCpus(const Napi::CallbackInfo& info) {
  const int count = CallInt(info.Env(), "libbpf_num_possible_cpus", "", PossibleCpus);
  return Napi::Number::New(info.Env(), count);
}

/// A NativeFd: the kernel counts runs of programs while one is open.
Napi::Value EnableStats(const Napi::CallbackInfo& info) {
  UniqueFd fd(
      CallInt(info.Env(), "bpf_enable_stats", "run statistics", bpf_enable_stats, BPF_STATS_RUN_TIME));
  return OwnedFd::Wrap(info.Env(), std::move(fd));
}

void SetErrorFactory(const Napi::CallbackInfo& info) {
  if (!info[0].IsFunction()) args::Refuse("make", "a function");
  Environment::Of(info.Env()).error_factory = Napi::Persistent(info[0].As<Napi::Function>());
}

void SetLogLevel(const Napi::CallbackInfo& info) {
  const std::string level = args::Text(info[0], "level");
  LogLevel& current = Environment::Of(info.Env()).log_level;
  if (level == "none") {
    current = LogLevel::kNone;
  } else if (level == "warn") {
    current = LogLevel::kWarn;
  } else if (level == "info") {
    current = LogLevel::kInfo;
  } else if (level == "debug") {
    current = LogLevel::kDebug;
  } else {
    args::Refuse("level", "'none', 'warn', 'info' or 'debug'");
  }
}

Napi::Value TakeLog(const Napi::CallbackInfo& info) {
  const std::string log = std::exchange(Environment::Of(info.Env()).last_log, {});
  return Napi::String::New(info.Env(), log);
}

template <auto function>
napi_value Call(napi_env env, napi_callback_info raw) {
  return Guarded(env, [&]() -> napi_value {
    const Napi::CallbackInfo info(env, raw);
    return Answer(env, [&] { return function(info); });
  });
}

template <auto function>
napi_property_descriptor Export(const char* name) {
  return {name, nullptr, Call<function>, nullptr, nullptr, nullptr, napi_enumerable, nullptr};
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  InstallLibbpfLog();
  Environment::Install(env);
  BpfObject::Define(env);
  BpfMap::Define(env);
  MapElements::Define(env);
  BpfProgram::Define(env);
  BpfLink::Define(env);
  OwnedFd::Define(env);
  SharedFd::Define(env);
  RingBuffer::Define(env);
  PerfBuffer::Define(env);
  UserRingBuffer::Define(env);
  ReadOnlyPages::Define(env);

  const std::string version =
      std::to_string(libbpf_major_version()) + "." + std::to_string(libbpf_minor_version());
  const napi_property_descriptor properties[] = {
      {"libbpfVersion", nullptr, nullptr, nullptr, nullptr, Napi::String::New(env, version), napi_enumerable,
       nullptr},
      Export<CountPossibleCpus>("possibleCpus"),
      Export<SetErrorFactory>("setErrorFactory"),
      {"ensureStack", nullptr, EnsureStack, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      Export<SetLogLevel>("setLogLevel"),
      Export<TakeLog>("takeLog"),
      Export<BpfObject::OpenFile>("openFile"),
      Export<BpfObject::OpenMemory>("openMemory"),
      Export<BpfProgram::OpenPinned>("openPinnedProgram"),
      Export<BpfProgram::OpenId>("openProgramId"),
      Export<BpfProgram::OpenFd>("openProgramFd"),
      Export<BpfLink::OpenPinned>("openPinnedLink"),
      Export<BpfLink::OpenId>("openLinkId"),
      Export<BpfLink::OpenFd>("openLinkFd"),
      Export<EnableStats>("enableStats"),
      Export<OpenPerfEvent>("openPerfEvent"),
      Export<ControlPerfEvent>("controlPerfEvent"),
      Export<InterfaceIndex>("interfaceIndex"),
      Export<CreateTcHook>("createTcHook"),
      Export<DestroyTcHook>("destroyTcHook"),
      Export<AttachTc>("attachTc"),
      Export<DetachTc>("detachTc"),
      Export<QueryTc>("queryTc"),
      Export<AttachXdp>("attachXdp"),
      Export<DetachXdp>("detachXdp"),
      Export<QueryXdp>("queryXdp"),
      Export<AttachProgram>("attachProgram"),
      Export<DetachProgram>("detachProgram"),
      Export<AttachSocket>("attachSocket"),
      Export<DetachSocket>("detachSocket"),
      Export<QueryPrograms>("queryPrograms"),
      Export<MapElements::Create>("createMap"),
      Export<MapElements::OpenPinned>("openPinnedMap"),
      Export<MapElements::OpenId>("openMapById"),
      Export<MapElements::OpenFd>("openMapByFd"),
      Export<OpenPidfd>("openPidfd"),
      Export<MapMemory>("mapMemory"),
      Export<DetachBuffer>("detach"),
      Export<SharedFd::Share>("share"),
      Export<SharedFd::Find>("findShared"),
      Export<Link>("link"),
      Export<DumpBtf>("btfDump"),
      Export<RingBuffer::New>("ringBuffer"),
      Export<PerfBuffer::New>("perfBuffer"),
      Export<UserRingBuffer::New>("userRingBuffer"),
      Export<NextId>("nextId"),
      Export<BtfById>("btfById"),
      Export<QueryTaskFd>("queryTaskFd"),
      Export<ReadStream>("readStream"),
      Export<ProbeProgramType>("probeProgramType"),
      Export<ProbeMapType>("probeMapType"),
      Export<ProbeHelper>("probeHelper"),
      Export<HelperNames>("helperNames"),
      Export<Probe>("probe"),
      Export<ProbeTarget>("probeTarget"),
      Export<ProbeKprobe>("probeKprobe"),
  };
  if (napi_define_properties(env, exports, std::size(properties), properties) != napi_ok)
    throw Napi::Error::New(env);
  return exports;
}

}  // namespace

}  // namespace subskel

NAPI_MODULE_INIT() {
  return subskel::Guarded(
      env, [&]() -> napi_value { return subskel::Initialize(env, Napi::Object(env, exports)); });
}
