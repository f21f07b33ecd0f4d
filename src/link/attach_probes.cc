#include <unordered_map>
#include <vector>

#include "link/attach_options.h"
#include "link/attach_ways.h"

namespace subskel::attaching {

namespace {

/// -1 for all processes, 0 for this one: as libbpf has it.
pid_t Process(Options options) {
  const Napi::Value value = options.Get("pid");
  return value.IsUndefined() ? -1 : args::FileDescriptor(value, "pid");
}

probe_attach_mode Mode(Options options) {
  static const std::unordered_map<std::string, probe_attach_mode> modes = {
      {"default", PROBE_ATTACH_MODE_DEFAULT},
      {"legacy", PROBE_ATTACH_MODE_LEGACY},
      {"perf", PROBE_ATTACH_MODE_PERF},
      {"link", PROBE_ATTACH_MODE_LINK},
  };
  const auto mode = modes.find(args::OptionalText(options, "mode").value_or("default"));
  if (mode == modes.end()) args::Refuse("mode", "'default', 'legacy', 'perf' or 'link'");
  return mode->second;
}

/// What several probes at once are told: names or numbers, and what belongs to each.
struct Many {
  std::optional<std::string> pattern;
  std::vector<std::string> names;
  std::vector<unsigned long> places, counters;
  std::vector<__u64> cookies;

  Many(Options options, const char* numbers) : pattern(args::OptionalText(options, "pattern")) {
    const Napi::Value functions = options.Get("functions");
    if (!functions.IsUndefined()) names = args::Texts(functions, "functions");
    places = Numbers<unsigned long>(options, numbers);
    counters = Numbers<unsigned long>(options, "refCtrOffsets");
    cookies = Numbers<__u64>(options, "cookies");
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

 private:
  template <typename Number>
  static std::vector<Number> Numbers(Options options, const char* name) {
    const Napi::Value value = options.Get(name);
    if (value.IsUndefined()) return {};
    const std::vector<std::uint64_t> numbers = args::Uint64s(value, name);
    return {numbers.begin(), numbers.end()};
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
  raw.bpf_cookie = Cookie(options);
  raw.offset = Size(options, "offset");
  raw.retprobe = Flag(options, "retprobe");
  raw.attach_mode = Mode(options);
  return {"bpf_program__attach_kprobe_opts",
          [raw, function = args::Text(options.Get("function"), "function")](bpf_program* program) {
            return bpf_program__attach_kprobe_opts(program, function.c_str(), &raw);
          },
          {},
          {}};
}

Attachment KprobeMulti(Options options) {
  bpf_kprobe_multi_opts raw = Sized<bpf_kprobe_multi_opts>();
  raw.retprobe = Flag(options, "retprobe");
  raw.session = Flag(options, "session");
  RefuseBoth(raw.retprobe, raw.session);
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 6
  raw.unique_match = Flag(options, "uniqueMatch");
#else
  if (Flag(options, "uniqueMatch")) {
    throw UnsupportedFailure("bpf_program__attach_kprobe_multi_opts", "", "uniqueMatch needs libbpf 1.6");
  }
#endif
  return {"bpf_program__attach_kprobe_multi_opts",
          [raw, many = Many(options, "addresses")](bpf_program* program) mutable {
            std::vector<const char*> names = many.NamePointers();
            raw.syms = DataOrNull(names);
            raw.addrs = DataOrNull(many.places);
            raw.cookies = DataOrNull(many.cookies);
            raw.cnt = many.Count();
            const char* const pattern = many.pattern ? many.pattern->c_str() : nullptr;
            return bpf_program__attach_kprobe_multi_opts(program, pattern, &raw);
          },
          {},
          {}};
}

Attachment Ksyscall(Options options) {
  bpf_ksyscall_opts raw = Sized<bpf_ksyscall_opts>();
  raw.bpf_cookie = Cookie(options);
  raw.retprobe = Flag(options, "retprobe");
  return {"bpf_program__attach_ksyscall",
          [raw, name = args::Text(options.Get("name"), "name")](bpf_program* program) {
            return bpf_program__attach_ksyscall(program, name.c_str(), &raw);
          },
          {},
          {}};
}

Attachment Uprobe(Options options) {
  bpf_uprobe_opts raw = Sized<bpf_uprobe_opts>();
  raw.bpf_cookie = Cookie(options);
  raw.ref_ctr_offset = Size(options, "refCtrOffset");
  raw.retprobe = Flag(options, "retprobe");
  raw.attach_mode = Mode(options);
  return {"bpf_program__attach_uprobe_opts",
          [raw, path = args::Text(options.Get("path"), "path"), pid = Process(options),
           offset = Size(options, "offset"),
           function = args::OptionalText(options, "function")](bpf_program* program) mutable {
            raw.func_name = function ? function->c_str() : nullptr;
            return bpf_program__attach_uprobe_opts(program, pid, path.c_str(), offset, &raw);
          },
          {},
          {}};
}

Attachment UprobeMulti(Options options) {
  bpf_uprobe_multi_opts raw = Sized<bpf_uprobe_multi_opts>();
  raw.retprobe = Flag(options, "retprobe");
  const bool session = Flag(options, "session");
  RefuseBoth(raw.retprobe, session);
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 6
  raw.session = session;
#else
  if (session) throw UnsupportedFailure("bpf_program__attach_uprobe_multi", "", "session needs libbpf 1.6");
#endif
  return {"bpf_program__attach_uprobe_multi",
          [raw, path = args::Text(options.Get("path"), "path"), pid = Process(options),
           many = Many(options, "offsets")](bpf_program* program) mutable {
            std::vector<const char*> names = many.NamePointers();
            raw.syms = DataOrNull(names);
            raw.offsets = DataOrNull(many.places);
            raw.ref_ctr_offsets = DataOrNull(many.counters);
            raw.cookies = DataOrNull(many.cookies);
            raw.cnt = many.Count();
            const char* const pattern = many.pattern ? many.pattern->c_str() : nullptr;
            return bpf_program__attach_uprobe_multi(program, pid, path.c_str(), pattern, &raw);
          },
          {},
          {}};
}

Attachment Usdt(Options options) {
  bpf_usdt_opts raw = Sized<bpf_usdt_opts>();
  raw.usdt_cookie = Cookie(options);
  return {"bpf_program__attach_usdt",
          [raw, path = args::Text(options.Get("path"), "path"), pid = Process(options),
           provider = args::Text(options.Get("provider"), "provider"),
           name = args::Text(options.Get("name"), "name")](bpf_program* program) {
            return bpf_program__attach_usdt(program, pid, path.c_str(), provider.c_str(), name.c_str(), &raw);
          },
          {},
          {}};
}

}  // namespace subskel::attaching
