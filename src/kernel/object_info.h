#pragma once

#include <napi.h>

#include <string>

/// What the kernel says of programs and links: `NativeInfo` of lib/native/surface/handles.ts. The structs
/// come as bytes, which TypeScript reads: kernels only ever append to them, and older headers lack the newest
/// members.
namespace subskel {

/// bpf_prog_get_info_by_fd; `arrays[0]`: the ids of its maps.
Napi::Value ProgramInfo(Napi::Env env, int fd, const std::string& subject);
/// bpf_link_get_info_by_fd; `text`: the name or path in it; `arrays`: addresses, or offsets, counters'
/// offsets and cookies.
Napi::Value LinkInfo(Napi::Env env, int fd, const std::string& subject);

}  // namespace subskel
