#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "util/errors.h"

namespace subskel {

/// An answer to JavaScript. Its properties are defined, not set: to set one would call what somebody has put
/// on Object.prototype under that name, which would have the value then, and the answer not.
class Result {
 public:
  explicit Result(Napi::Env env) : object_(Napi::Object::New(env)) {}

  void Put(const char* name, const Napi::Value& value) { Define({name, nullptr, value}); }
  void Put(const char* name, const std::string& text) { Put(name, Napi::String::New(object_.Env(), text)); }
  void Put(const char* name, const char* text) { Put(name, Napi::String::New(object_.Env(), text)); }
  template <typename Number, std::enable_if_t<std::is_arithmetic_v<Number>, int> = 0>
  void Put(const char* name, Number value) {
    if constexpr (std::is_same_v<Number, bool>) {
      Put(name, Napi::Boolean::New(object_.Env(), value));
    } else {
      Put(name, Napi::Number::New(object_.Env(), static_cast<double>(value)));
    }
  }

  operator Napi::Value() const { return object_; }  // NOLINT(google-explicit-constructor)
  operator napi_value() const { return object_; }   // NOLINT(google-explicit-constructor)

 protected:
  struct Property {
    const char* name;
    napi_value key;
    napi_value value;
  };

  explicit Result(Napi::Object object) : object_(object) {}

  void Define(const Property& property) {
    const napi_property_descriptor descriptor = {
        property.name,           property.key, nullptr, nullptr, nullptr, property.value,
        napi_default_jsproperty, nullptr};
    if (napi_define_properties(object_.Env(), object_, 1, &descriptor) != napi_ok) {
      throw Napi::Error::New(object_.Env());
    }
  }
  Napi::Env Env() const { return object_.Env(); }

 private:
  Napi::Object object_;
};

/// The same for an array.
class ResultList : private Result {
 public:
  explicit ResultList(Napi::Env env) : Result(Napi::Array::New(env)) {}

  void Add(const Napi::Value& value) {
    Define({nullptr, Napi::String::New(Env(), std::to_string(length_++)), value});
  }

  using Result::operator Napi::Value;
  using Result::operator napi_value;

 private:
  std::uint32_t length_ = 0;
};

/// Bytes of the answer: a copy that is JavaScript's own.
inline Napi::Uint8Array CopyOf(Napi::Env env, const void* data, std::size_t size) {
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, size);
  if (size != 0) std::memcpy(copy.Data(), data, size);
  return copy;
}

}  // namespace subskel
