#include "util/errors.h"

#include <utility>

#include "util/environment.h"
#include "util/result.h"

namespace subskel {

namespace {

const char* KindName(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::kBpf:
      return "bpf";
    case Failure::Kind::kClosed:
      return "closed";
    case Failure::Kind::kArgument:
      return "argument";
    case Failure::Kind::kNotLoaded:
      return "not-loaded";
    case Failure::Kind::kAlreadyLoaded:
      return "already-loaded";
    case Failure::Kind::kUnsupported:
      return "unsupported";
    case Failure::Kind::kBusy:
      return "busy";
    case Failure::Kind::kElf:
      return "elf";
  }
  return "bpf";
}

std::string PlainMessage(const Failure& failure) {
  std::string message = failure.syscall.empty() ? "libbpf-subskel" : failure.syscall;
  if (!failure.subject.empty()) message += " (" + failure.subject + ")";
  if (failure.error != 0) message += ": errno " + std::to_string(failure.error);
  if (!failure.log.empty()) message += ": " + failure.log;
  return message;
}

}  // namespace

Failure ClosedFailure(std::string subject, std::string message) {
  return {Failure::Kind::kClosed, "", 0, std::move(subject), std::move(message)};
}

Failure ArgumentFailure(std::string message) {
  return {Failure::Kind::kArgument, "", 0, "", std::move(message)};
}

Failure NotLoadedFailure(std::string syscall, std::string subject, std::string message) {
  return {Failure::Kind::kNotLoaded, std::move(syscall), 0, std::move(subject), std::move(message)};
}

Failure BpfFailure(std::string syscall, int error, std::string subject, std::string log) {
  return {Failure::Kind::kBpf, std::move(syscall), error, std::move(subject), std::move(log)};
}

Failure UnsupportedFailure(std::string syscall, std::string subject, std::string message) {
  return {Failure::Kind::kUnsupported, std::move(syscall), 0, std::move(subject), std::move(message)};
}

Failure BusyFailure(std::string subject, std::string message) {
  return {Failure::Kind::kBusy, "", 0, std::move(subject), std::move(message)};
}

void Raise(Napi::Env env, const Failure& failure) noexcept {
  try {
    Environment* environment = Environment::Find(env);
    if (environment == nullptr || environment->error_factory.IsEmpty()) {
      RaisePlain(env, PlainMessage(failure).c_str());
      return;
    }
    Result details(env);
    details.Put("kind", KindName(failure.kind));
    details.Put("syscall", failure.syscall);
    details.Put("errno", failure.error);
    details.Put("subject", failure.subject);
    details.Put("log", failure.log);
    const Napi::Value error = environment->error_factory.Call({details});
    napi_throw(env, error);
  } catch (const Napi::Error& error) {
    Raise(error);
  } catch (...) {
    RaisePlain(env, "libbpf-subskel: out of memory");
  }
}

void Raise(const Napi::Error& error) noexcept {
  try {
    error.ThrowAsJavaScriptException();
  } catch (...) {
    // A worker that is being terminated takes no exceptions, and needs none.
  }
}

void RaisePlain(napi_env env, const char* message) noexcept {
  // Fails when an exception is pending already, or when the worker is being terminated: both are fine.
  napi_throw_error(env, nullptr, message);
}

}  // namespace subskel
