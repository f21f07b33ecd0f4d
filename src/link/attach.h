#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <functional>
#include <optional>
#include <string>

namespace subskel {

/// One of libbpf's ways to attach a program, with its options, which have been read completely (getters may
/// run JavaScript) and are owned by it.
struct Attachment {
  /// The libbpf function.
  const char* function;
  /// For those that need the program in its object; empty for the others.
  std::function<bpf_link*(bpf_program*)> attach;
  /// For those that are bpf_link_create: a negative errno, or the link's descriptor.
  std::function<int(int program, bpf_attach_type type)> create;
  /// The attach type for `create`, where it is not the program's own.
  std::optional<bpf_attach_type> type;
};

/// `kind` names a key of `NativeAttachments` in lib/native/surface/attach.ts, `options` is its value.
Attachment ParseAttachment(const std::string& kind, const Napi::Object& options);

}  // namespace subskel
