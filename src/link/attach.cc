#include "link/attach.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <optional>
#include <string>
#include <unordered_map>

#include "link/attach_options.h"
#include "link/attach_ways.h"
#include "util/unique_fd.h"

namespace subskel {

namespace attaching {

namespace {

Attachment Tracepoint(Options options) {
  bpf_tracepoint_opts raw = Sized<bpf_tracepoint_opts>();
  std::string category;
  std::string name;
  Reader(options)
      .Need<args::Text>("category", category)
      .Need<args::Text>("name", name)
      .Take<args::Uint64>("cookie", raw.bpf_cookie);
  return Attachment::Of("bpf_program__attach_tracepoint_opts", [=](bpf_program* program) {
    return bpf_program__attach_tracepoint_opts(program, category.c_str(), name.c_str(), &raw);
  });
}

/// Without a name: where the program was loaded for (fentry and its like, LSM, tp_btf). The kernel does not
/// ask for the attach type here, which only the object knows.
int OpenRawTracepoint(int program, const char* name, std::uint64_t cookie) {
  bpf_raw_tp_opts raw = Sized<bpf_raw_tp_opts>();
  raw.tp_name = name;
  raw.cookie = cookie;
  return bpf_raw_tracepoint_open_opts(program, &raw);
}

Attachment RawTracepoint(Options options) {
  bpf_raw_tracepoint_opts raw = Sized<bpf_raw_tracepoint_opts>();
  std::string name;
  Reader(options).Need<args::Text>("name", name).Take<args::Uint64>("cookie", raw.cookie);
  const auto attach = [=](bpf_program* program) mutable {
    return bpf_program__attach_raw_tracepoint_opts(program, name.c_str(), &raw);
  };
  return Attachment::Of("bpf_program__attach_raw_tracepoint_opts", attach)
      .OrByDescriptor(
          [=](int program, bpf_attach_type) { return OpenRawTracepoint(program, name.c_str(), raw.cookie); });
}

Attachment PerfEvent(Options options) {
  bpf_perf_event_opts raw = Sized<bpf_perf_event_opts>();
  int fd = -1;
  Reader(options).Need<args::FileDescriptor>("fd", fd).Take<args::Uint64>("cookie", raw.bpf_cookie);
  const auto attach = [=](bpf_program* program) -> bpf_link* {
    // SAFETY: the link closes its descriptor, the caller's own stays the caller's.
    UniqueFd event = UniqueFd::Duplicate(fd, "perf event");
    bpf_link* const link = bpf_program__attach_perf_event_opts(program, event.get(), &raw);
    const int error = errno;
    if (link != nullptr) {
      event.Release();
    } else {
      event.Close();
      errno = error;
    }
    return link;
  };
  return Attachment::Of("bpf_program__attach_perf_event_opts", attach)
      .OrByDescriptor([=](int program, bpf_attach_type type) {
        bpf_link_create_opts create = Sized<bpf_link_create_opts>();
        create.perf_event.bpf_cookie = raw.bpf_cookie;
        // The link holds the event by itself.
        return bpf_link_create(program, fd, type, &create);
      });
}

Attachment Trace(Options options) {
  bpf_trace_opts raw = Sized<bpf_trace_opts>();
  Reader(options).Take<args::Uint64>("cookie", raw.cookie);
  const auto attach = [=](bpf_program* program) { return bpf_program__attach_trace_opts(program, &raw); };
  return Attachment::Of("bpf_program__attach_trace_opts", attach)
      .OrByDescriptor(
          [=](int program, bpf_attach_type) { return OpenRawTracepoint(program, nullptr, raw.cookie); });
}

Attachment Lsm(Options) {
  const auto attach = [](bpf_program* program) { return bpf_program__attach_lsm(program); };
  return Attachment::Of("bpf_program__attach_lsm", attach).OrByDescriptor([](int program, bpf_attach_type) {
    return OpenRawTracepoint(program, nullptr, 0);
  });
}

Attachment Freplace(Options options) {
  int target = 0;
  std::optional<std::string> function;
  Reader(options).Take<args::FileDescriptor>("target", target).Take<args::Text>("function", function);
  return Attachment::Of("bpf_program__attach_freplace", [=](bpf_program* program) {
    return bpf_program__attach_freplace(program, target, function ? function->c_str() : nullptr);
  });
}

}  // namespace

Attachment Parse(const std::string& kind, const Napi::Object& options) {
  static const std::unordered_map<std::string, Attachment (*)(const Napi::Object&)> kinds = {
      {"kprobe", Kprobe},
      {"kprobeMulti", KprobeMulti},
      {"ksyscall", Ksyscall},
      {"uprobe", Uprobe},
      {"uprobeMulti", UprobeMulti},
      {"usdt", Usdt},
      {"tracepoint", Tracepoint},
      {"rawTracepoint", RawTracepoint},
      {"perfEvent", PerfEvent},
      {"trace", Trace},
      {"lsm", Lsm},
      {"freplace", Freplace},
      {"target", Target},
      {"netfilter", Netfilter},
      {"iter", Iterator},
  };
  const auto found = kinds.find(kind);
  if (found == kinds.end()) args::Refuse("kind", "a kind of attachment");
  return found->second(options);
}

}  // namespace attaching

Attachment ParseAttachment(const std::string& kind, const Napi::Object& options) {
  return attaching::Parse(kind, options);
}

}  // namespace subskel
