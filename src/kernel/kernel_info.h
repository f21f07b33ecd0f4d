#pragma once

#include <napi.h>

namespace subskel {

/// `NativeKernel.nextId`: bpf_prog_get_next_id and its like.
Napi::Value NextId(const Napi::CallbackInfo& info);
/// `NativeKernel.btfById`: what the kernel has under an id, and its bytes.
Napi::Value BtfById(const Napi::CallbackInfo& info);
/// `NativeKernel.queryTaskFd`: bpf_task_fd_query.
Napi::Value QueryTaskFd(const Napi::CallbackInfo& info);
/// `NativeKernel.readStream`: bpf_prog_stream_read.
Napi::Value ReadStream(const Napi::CallbackInfo& info);

}  // namespace subskel
