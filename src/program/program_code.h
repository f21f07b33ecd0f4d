#pragma once

#include <napi.h>

#include <string>

namespace subskel {

/// `NativeProgramCode` of lib/native/surface/program.ts: what the kernel runs of a program, and of which
/// lines of source.
Napi::Value ProgramCode(Napi::Env env, int fd, const std::string& subject);

}  // namespace subskel
