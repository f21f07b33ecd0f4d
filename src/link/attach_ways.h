#pragma once

#include "link/attach.h"

/// Each of libbpf's ways to attach, by a kind of `NativeAttachments` in lib/native/surface/attach.ts.
namespace subskel::attaching {

// Functions of the kernel and of files: attach_probes.cc.
Attachment Kprobe(const Napi::Object& options);
Attachment KprobeMulti(const Napi::Object& options);
Attachment Ksyscall(const Napi::Object& options);
Attachment Uprobe(const Napi::Object& options);
Attachment UprobeMulti(const Napi::Object& options);
Attachment Usdt(const Napi::Object& options);

// What is bpf_link_create and nothing more: attach_links.cc.
Attachment Target(const Napi::Object& options);
Attachment Netfilter(const Napi::Object& options);
Attachment Iterator(const Napi::Object& options);

}  // namespace subskel::attaching
