#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "util/errors.h"

/// Argument checking. None of these runs JavaScript, except the ones that read a property of an object
/// (getters, proxies): read all properties first, and look at handles and bytes afterwards.
namespace subskel::args {

/// The bytes of a Uint8Array. Valid until JavaScript runs again.
struct Bytes {
  std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

[[noreturn]] void Refuse(const std::string& name, const char* expected);

/// Without NUL bytes, which C would take for the end.
std::string Text(const Napi::Value& value, const char* name);
bool Boolean(const Napi::Value& value, const char* name);
std::uint32_t Uint32(const Napi::Value& value, const char* name);
std::int32_t Int32(const Napi::Value& value, const char* name);
/// A safe non-negative integer.
std::uint64_t Uint53(const Napi::Value& value, const char* name);
int FileDescriptor(const Napi::Value& value, const char* name);
/// Of a network interface.
int InterfaceIndex(const Napi::Value& value, const char* name);
/// Of a process; 0 for the calling one.
int Pid(const Napi::Value& value, const char* name);
Bytes ByteArray(const Napi::Value& value, const char* name);
Napi::Object PlainObject(const Napi::Value& value, const char* name);
std::vector<std::string> Texts(const Napi::Value& value, const char* name);

/// A bigint of 64 bits.
std::uint64_t Uint64(const Napi::Value& value, const char* name);
/// A BigUint64Array's elements.
std::vector<std::uint64_t> Uint64s(const Napi::Value& value, const char* name);

/// Members of option objects; undefined means absent.
std::optional<std::string> OptionalText(const Napi::Object& options, const char* name);
std::optional<bool> OptionalBoolean(const Napi::Object& options, const char* name);
std::optional<std::uint32_t> OptionalUint32(const Napi::Object& options, const char* name);
std::optional<std::uint64_t> OptionalUint64(const Napi::Object& options, const char* name);

}  // namespace subskel::args
