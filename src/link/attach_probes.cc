#include <unordered_map>
#include <vector>

#include "link/attach_options.h"
#include "link/attach_ways.h"

namespace subskel::attaching {

namespace {

probe_attach_mode Mode(const Napi::Value& value, const char* name) {
  static const std::unordered_map<std::string, probe_attach_mode> modes = {
      {"default", PROBE_ATTACH_MODE_DEFAULT},
      {"legacy", PROBE_ATTACH_MODE_LEGACY},
      {"perf", PROBE_ATTACH_MODE_PERF},
      {"link", PROBE_ATTACH_MODE_LINK},
  };
  const auto mode = modes.find(args::Text(value, name));
  if (mode == modes.end()) args::Refuse(name, "'default', 'legacy', 'perf' or 'link'");
  return mode->second;
}

template <typename Number>
std::vector<Number> Numbers(const Napi::Value& value, const char* name) {
  const std::vector<std::uint64_t> numbers = args::Uint64s(value, name);
  return {numbers.begin(), numbers.end()};
}

/// What bpf_program__attach_uprobe and its like take for all processes; 0 is this one.
constexpr pid_t kAllProcesses = -1;

/// What several probes at once are told: names or numbers, and what belongs to each.
struct Many {
  std::optional<std::string> pattern;
  std::vector<std::string> names;
  std::vector<unsigned long> places, counters;
  std::vector<__u64> cookies;

  Many(Options options, const char* numbers) {
    Reader(options)
        .Take<args::Text>("pattern", pattern)
        .Take<args::Texts>("functions", names)
        .Take<Numbers<unsigned long>>(numbers, places)
        .Take<Numbers<unsigned long>>("refCtrOffsets", counters)
        .Take<Numbers<__u64>>("cookies", cookies);
    if (pattern.has_value() + !names.empty() + !places.empty() != 1) {
      throw ArgumentFailure(std::string("exactly one of pattern, functions and ") + numbers + " is needed");
    }
    // libbpf takes the number of each of them from one of them.
    for (const std::size_t length : {counters.size(), cookies.size()}) {
      if (length != 0 && length != Count()) {
        throw ArgumentFailure("cookies and refCtrOffsets must be as many as functions or " +
                              std::string(numbers));
      }
    }
  }

  std::size_t Count() const { return names.empty() ? places.size() : names.size(); }
  std::vector<const char*> NamePointers() const {
    std::vector<const char*> pointers;
    for (const std::string& name : names) pointers.push_back(name.c_str());
    return pointers;
  }
};

template <typename Element>
auto DataOrNull(std::vector<Element>& elements) {
  return elements.empty() ? nullptr : elements.data();
}

template <typename Element>
auto DataOrNull(const std::vector<Element>& elements) {
  return elements.empty() ? nullptr : elements.data();
}

/// libbpf frees nothing of what it has resolved when these two come together.
void RefuseBoth(bool retprobe, bool session) {
  if (retprobe && session) throw ArgumentFailure("retprobe and session exclude each other");
}

}  // namespace

Attachment Kprobe(Options options) {
  bpf_kprobe_opts raw = Sized<bpf_kprobe_opts>();
  std::string function;
  Reader(options)
      .Need<args::Text>("function", function)
      .Take<args::Uint53>("offset", raw.offset)
      .Take<args::Boolean>("retprobe", raw.retprobe)
      .Take<args::Uint64>("cookie", raw.bpf_cookie)
      .Take<Mode>("mode", raw.attach_mode);
  return Attachment::Of("bpf_program__attach_kprobe_opts", [=](bpf_program* program) {
    return bpf_program__attach_kprobe_opts(program, function.c_str(), &raw);
  });
}

Attachment KprobeMulti(Options options) {
  constexpr const char* name = "bpf_program__attach_kprobe_multi_opts";
  bpf_kprobe_multi_opts raw = Sized<bpf_kprobe_multi_opts>();
  bool unique = false;
  Reader(options)
      .Take<args::Boolean>("retprobe", raw.retprobe)
      .Take<args::Boolean>("session", raw.session)
      .Take<args::Boolean>("uniqueMatch", unique);
  RefuseBoth(raw.retprobe, raw.session);
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 6
  raw.unique_match = unique;
#else
  if (unique) throw UnsupportedFailure(name, "", "uniqueMatch needs libbpf 1.6");
#endif
  return Attachment::Of(name, [raw, many = Many(options, "addresses")](bpf_program* program) mutable {
    std::vector<const char*> names = many.NamePointers();
    raw.syms = DataOrNull(names);
    raw.addrs = DataOrNull(many.places);
    raw.cookies = DataOrNull(many.cookies);
    raw.cnt = many.Count();
    const char* const pattern = many.pattern ? many.pattern->c_str() : nullptr;
    return bpf_program__attach_kprobe_multi_opts(program, pattern, &raw);
  });
}

Attachment Ksyscall(Options options) {
  bpf_ksyscall_opts raw = Sized<bpf_ksyscall_opts>();
  std::string name;
  Reader(options)
      .Need<args::Text>("name", name)
      .Take<args::Boolean>("retprobe", raw.retprobe)
      .Take<args::Uint64>("cookie", raw.bpf_cookie);
  return Attachment::Of("bpf_program__attach_ksyscall", [=](bpf_program* program) {
    return bpf_program__attach_ksyscall(program, name.c_str(), &raw);
  });
}

Attachment Uprobe(Options options) {
  bpf_uprobe_opts raw = Sized<bpf_uprobe_opts>();
  std::string path;
  std::optional<std::string> function;
  pid_t pid = kAllProcesses;
  std::size_t offset = 0;
  Reader(options)
      .Need<args::Text>("path", path)
      .Take<args::Text>("function", function)
      .Take<args::Pid>("pid", pid)
      .Take<args::Uint53>("offset", offset)
      .Take<args::Uint53>("refCtrOffset", raw.ref_ctr_offset)
      .Take<args::Boolean>("retprobe", raw.retprobe)
      .Take<args::Uint64>("cookie", raw.bpf_cookie)
      .Take<Mode>("mode", raw.attach_mode);
  return Attachment::Of("bpf_program__attach_uprobe_opts", [=](bpf_program* program) mutable {
    raw.func_name = function ? function->c_str() : nullptr;
    return bpf_program__attach_uprobe_opts(program, pid, path.c_str(), offset, &raw);
  });
}

Attachment UprobeMulti(Options options) {
  constexpr const char* name = "bpf_program__attach_uprobe_multi";
  bpf_uprobe_multi_opts raw = Sized<bpf_uprobe_multi_opts>();
  std::string path;
  pid_t pid = kAllProcesses;
  bool session = false;
  Reader(options)
      .Need<args::Text>("path", path)
      .Take<args::Pid>("pid", pid)
      .Take<args::Boolean>("retprobe", raw.retprobe)
      .Take<args::Boolean>("session", session);
  RefuseBoth(raw.retprobe, session);
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 6
  raw.session = session;
#else
  if (session) throw UnsupportedFailure(name, "", "session needs libbpf 1.6");
#endif
  return Attachment::Of(name, [=, many = Many(options, "offsets")](bpf_program* program) mutable {
    std::vector<const char*> names = many.NamePointers();
    raw.syms = DataOrNull(names);
    raw.offsets = DataOrNull(many.places);
    raw.ref_ctr_offsets = DataOrNull(many.counters);
    raw.cookies = DataOrNull(many.cookies);
    raw.cnt = many.Count();
    const char* const pattern = many.pattern ? many.pattern->c_str() : nullptr;
    return bpf_program__attach_uprobe_multi(program, pid, path.c_str(), pattern, &raw);
  });
}

Attachment Usdt(Options options) {
  bpf_usdt_opts raw = Sized<bpf_usdt_opts>();
  std::string path, provider, name;
  pid_t pid = kAllProcesses;
  Reader(options)
      .Need<args::Text>("path", path)
      .Need<args::Text>("provider", provider)
      .Need<args::Text>("name", name)
      .Take<args::Pid>("pid", pid)
      .Take<args::Uint64>("cookie", raw.usdt_cookie);
  return Attachment::Of("bpf_program__attach_usdt", [=](bpf_program* program) {
    return bpf_program__attach_usdt(program, pid, path.c_str(), provider.c_str(), name.c_str(), &raw);
  });
}

}  // namespace subskel::attaching
