#include "program/prog_attach.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "util/args.h"
#include "util/call.h"
#include "util/owned_fd.h"
#include "util/result.h"
#include "util/unique_fd.h"

namespace subskel {

namespace {

bpf_attach_type AttachType(const Napi::Value& value) {
  return static_cast<bpf_attach_type>(args::Uint32(value, "attachType"));
}

using Ids = std::vector<std::uint32_t>;

Napi::Value Numbers(Napi::Env env, const Ids& ids) {
  Napi::Uint32Array array = Napi::Uint32Array::New(env, ids.size());
  if (!ids.empty()) std::memcpy(array.Data(), ids.data(), ids.size() * sizeof ids[0]);
  return array;
}

/// What is attached may become more between two calls; nobody attaches that often.
constexpr int kTries = 8;

}  // namespace

Napi::Value AttachProgram(const Napi::CallbackInfo& info) {
  const int target = args::FileDescriptor(info[0], "target");
  const int program = args::FileDescriptor(info[1], "program");
  const bpf_attach_type type = AttachType(info[2]);
  struct bpf_prog_attach_opts options = {};
  options.sz = sizeof options;
  options.flags = args::Uint32(info[3], "flags");
  if (!info[4].IsUndefined()) options.replace_prog_fd = args::FileDescriptor(info[4], "replace");
  const std::string subject = args::Text(info[5], "subject");
  // First, so that nothing fails once it is attached.
  UniqueFd kept = UniqueFd::Duplicate(target, subject);
  const Napi::Value owner = OwnedFd::Wrap(info.Env(), std::move(kept));
  CallInt(info.Env(), "bpf_prog_attach_opts", subject, bpf_prog_attach_opts, program, target, type, &options);
  return owner;
}

void DetachProgram(const Napi::CallbackInfo& info) {
  const int target = args::FileDescriptor(info[0], "target");
  const int program = args::FileDescriptor(info[1], "program");
  const bpf_attach_type type = AttachType(info[2]);
  const std::string subject = args::Text(info[3], "subject");
  CallInt(info.Env(), "bpf_prog_detach_opts", subject, bpf_prog_detach_opts, program, target, type, nullptr);
}

Napi::Value QueryPrograms(const Napi::CallbackInfo& info) {
  const int target = args::FileDescriptor(info[0], "target");
  const bpf_attach_type type = AttachType(info[1]);
  const std::uint32_t flags = args::Uint32(info[2], "flags");
  const bool with_links = args::Boolean(info[3], "withLinks");
  const std::string subject = args::Text(info[4], "subject");
  struct bpf_prog_query_opts options = {};
  Ids programs;
  Ids links;
  for (int tries = 0;; tries++) {
    options = {};
    options.sz = sizeof options;
    options.query_flags = flags;
    options.count = static_cast<std::uint32_t>(programs.size());
    // SAFETY: the kernel writes at most `count` numbers to each, during the call.
    options.prog_ids = programs.empty() ? nullptr : programs.data();
    // Kernels before 6.6 refuse what they do not know, unless it is 0.
    options.link_ids = with_links && !links.empty() ? links.data() : nullptr;
    bool more = false;
    CallInt(info.Env(), "bpf_prog_query_opts", subject, [&] {
      const int result = bpf_prog_query_opts(target, type, &options);
      more = result == -ENOSPC && tries < kTries;
      return more ? 0 : result;
    });
    const std::size_t count = options.count;
    if (!more && count <= programs.size()) break;
    if (count > UINT16_MAX) {
      throw UnsupportedFailure("bpf_prog_query_opts", subject,
                               subject + " has more programs than there can be");
    }
    programs.assign(count, 0);
    links.assign(with_links ? count : 0, 0);
  }
  programs.resize(options.count);
  links.resize(with_links ? options.count : 0);
  Result result(info.Env());
  result.Put("programIds", Numbers(info.Env(), programs));
  result.Put("linkIds", Numbers(info.Env(), links));
  result.Put("attachFlags", options.attach_flags);
  result.Put("revision", Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(options.revision)));
  return result;
}

}  // namespace subskel
