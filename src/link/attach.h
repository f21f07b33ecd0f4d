#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace subskel {

/// One of libbpf's ways to attach a program, with its options, which have been read completely (getters may
/// run JavaScript) and are owned by it.
struct Attachment {
  using Attach = std::function<bpf_link*(bpf_program*)>;
  using Create = std::function<int(int program, bpf_attach_type type)>;

  /// By the libbpf function `name`, which needs the program in its object.
  static Attachment Of(const char* name, Attach attach) { return {name, std::move(attach), {}, {}}; }
  /// The same for a program without its object, by `create` instead. `type` of it is not looked at.
  Attachment OrByDescriptor(Create by_descriptor) && {
    create = std::move(by_descriptor);
    type = BPF_PERF_EVENT;
    return std::move(*this);
  }
  /// By bpf_link_create: a negative errno, or the link's descriptor. `type` where it is not the program's
  /// own.
  static Attachment OfKernel(Create create, std::optional<bpf_attach_type> type) {
    return {"bpf_link_create", {}, std::move(create), type};
  }

  const char* function;
  Attach attach;
  Create create;
  std::optional<bpf_attach_type> type;
};

/// `kind` names a key of `NativeAttachments` in lib/native/surface/attach.ts, `options` is its value.
Attachment ParseAttachment(const std::string& kind, const Napi::Object& options);

}  // namespace subskel
