#pragma once

#include <napi.h>

#include <string>
#include <type_traits>

namespace subskel {

/// What a failed call knows about itself; the TypeScript side makes the error of it
/// (lib/native/failure/failure.ts). Thrown as a C++ exception up to the N-API boundary and nowhere else, so
/// that no JavaScript runs inside a libbpf call.
struct Failure {
  enum class Kind { kBpf, kClosed, kArgument, kNotLoaded, kAlreadyLoaded, kUnsupported, kBusy, kElf };

  Kind kind;
  /// The libbpf function or system call.
  std::string syscall;
  /// Positive; 0 unless the kind is kBpf.
  int error;
  std::string subject;
  /// What libbpf said; for every other kind than kBpf, the message.
  std::string log;
};

Failure ClosedFailure(std::string subject, std::string message);
Failure ArgumentFailure(std::string message);
Failure NotLoadedFailure(std::string syscall, std::string subject, std::string message);
Failure BpfFailure(std::string syscall, int error, std::string subject, std::string log = {});
Failure UnsupportedFailure(std::string syscall, std::string subject, std::string message);
Failure BusyFailure(std::string subject, std::string message);

/// Throws the JavaScript error for `failure`, made by the environment's error factory.
void Raise(Napi::Env env, const Failure& failure) noexcept;
void Raise(const Napi::Error& error) noexcept;
void RaisePlain(napi_env env, const char* message) noexcept;

/// The N-API boundary: runs `body`, turns every C++ exception into a JavaScript one.
template <typename Body>
napi_value Guarded(napi_env env, Body&& body) noexcept {
  try {
    return body();
  } catch (const Failure& failure) {
    Raise(env, failure);
  } catch (const Napi::Error& error) {
    Raise(error);
  } catch (const std::bad_alloc&) {
    RaisePlain(env, "libbpf-subskel: out of memory");
  } catch (const std::exception& error) {
    RaisePlain(env, error.what());
  }
  return nullptr;
}

/// What `call` returns, as JavaScript has it: texts, numbers and booleans as such, undefined for nothing.
template <typename Call>
napi_value Answer(Napi::Env env, Call&& call) {
  using Returned = decltype(call());
  if constexpr (std::is_void_v<Returned>) {
    call();
    return env.Undefined();
  } else if constexpr (std::is_same_v<Returned, bool>) {
    return Napi::Boolean::New(env, call());
  } else if constexpr (std::is_arithmetic_v<Returned> || std::is_enum_v<Returned>) {
    return Napi::Number::New(env, static_cast<double>(call()));
  } else if constexpr (std::is_convertible_v<Returned, std::string>) {
    return Napi::String::New(env, call());
  } else {
    return call();
  }
}

}  // namespace subskel
