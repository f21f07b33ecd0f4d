#include "util/args.h"

#include <cmath>
#include <limits>

namespace subskel::args {

namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

double Integer(const Napi::Value& value, const char* name, double maximum, const char* expected) {
  double number;
  if (napi_get_value_double(value.Env(), value, &number) != napi_ok) Refuse(name, expected);
  if (!(number >= 0 && number <= maximum) || std::trunc(number) != number) Refuse(name, expected);
  return number;
}

int NotNegative(const Napi::Value& value, const char* name, const char* expected) {
  return static_cast<int>(Integer(value, name, std::numeric_limits<int>::max(), expected));
}

}  // namespace

void Refuse(const std::string& name, const char* expected) {
  throw ArgumentFailure(name + " must be " + expected);
}

std::string Text(const Napi::Value& value, const char* name) {
  if (!value.IsString()) Refuse(name, "a string");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos) Refuse(name, "a string without NUL characters");
  return text;
}

bool Boolean(const Napi::Value& value, const char* name) {
  if (!value.IsBoolean()) Refuse(name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

std::uint32_t Uint32(const Napi::Value& value, const char* name) {
  constexpr double maximum = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(Integer(value, name, maximum, "an integer from 0 to 4294967295"));
}

std::int32_t Int32(const Napi::Value& value, const char* name) {
  double number;
  if (napi_get_value_double(value.Env(), value, &number) != napi_ok || !(number >= INT32_MIN) ||
      !(number <= INT32_MAX) || std::trunc(number) != number) {
    Refuse(name, "an integer from -2147483648 to 2147483647");
  }
  return static_cast<std::int32_t>(number);
}

std::uint64_t Uint53(const Napi::Value& value, const char* name) {
  return static_cast<std::uint64_t>(Integer(value, name, kMaxSafeInteger, "a safe integer of at least 0"));
}

int FileDescriptor(const Napi::Value& value, const char* name) {
  return NotNegative(value, name, "a file descriptor");
}

int InterfaceIndex(const Napi::Value& value, const char* name) {
  return NotNegative(value, name, "an interface index");
}

int Pid(const Napi::Value& value, const char* name) {
  return NotNegative(value, name, "a pid");
}

Bytes ByteArray(const Napi::Value& value, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    Refuse(name, "a Uint8Array");
  }
  // Detached and out-of-bounds arrays have length 0 and no address.
  auto array = value.As<Napi::Uint8Array>();
  const std::size_t size = array.ElementLength();
  return {size == 0 ? nullptr : array.Data(), size};
}

Napi::Object PlainObject(const Napi::Value& value, const char* name) {
  if (!value.IsObject()) Refuse(name, "an object");
  return value.As<Napi::Object>();
}

std::vector<std::string> Texts(const Napi::Value& value, const char* name) {
  if (!value.IsArray()) Refuse(name, "an array of strings");
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < array.Length(); i++) {
    const std::string element = std::string(name) + "[" + std::to_string(i) + "]";
    texts.push_back(Text(array.Get(i), element.c_str()));
  }
  return texts;
}

std::uint64_t Uint64(const Napi::Value& value, const char* name) {
  bool lossless = false;
  std::uint64_t number = 0;
  if (napi_get_value_bigint_uint64(value.Env(), value, &number, &lossless) != napi_ok || !lossless) {
    Refuse(name, "a bigint from 0 to 2n ** 64n - 1n");
  }
  return number;
}

std::vector<std::uint64_t> Uint64s(const Napi::Value& value, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_biguint64_array) {
    Refuse(name, "a BigUint64Array");
  }
  // Detached and out-of-bounds arrays have length 0.
  const auto array = value.As<Napi::BigUint64Array>();
  const std::size_t length = array.ElementLength();
  if (length == 0) return {};
  return {array.Data(), array.Data() + length};
}

std::optional<std::string> OptionalText(const Napi::Object& options, const char* name) {
  const Napi::Value value = options.Get(name);
  if (value.IsUndefined()) return std::nullopt;
  return Text(value, name);
}

std::optional<bool> OptionalBoolean(const Napi::Object& options, const char* name) {
  const Napi::Value value = options.Get(name);
  if (value.IsUndefined()) return std::nullopt;
  return Boolean(value, name);
}

std::optional<std::uint32_t> OptionalUint32(const Napi::Object& options, const char* name) {
  const Napi::Value value = options.Get(name);
  if (value.IsUndefined()) return std::nullopt;
  return Uint32(value, name);
}

std::optional<std::uint64_t> OptionalUint64(const Napi::Object& options, const char* name) {
  const Napi::Value value = options.Get(name);
  if (value.IsUndefined()) return std::nullopt;
  return Uint64(value, name);
}

}  // namespace subskel::args
