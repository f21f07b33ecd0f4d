#pragma once

#include <cstdint>

#include "link/attach.h"
#include "util/args.h"

/// What the ways to attach share in reading their options.
namespace subskel::attaching {

using Options = const Napi::Object&;

/// One of libbpf's structs of options, empty but for its size.
template <typename Struct>
Struct Sized() {
  Struct options = {};
  options.sz = sizeof options;
  return options;
}

inline bool Flag(Options options, const char* name) {
  return args::OptionalBoolean(options, name).value_or(false);
}

inline std::uint64_t Cookie(Options options) {
  return args::OptionalUint64(options, "cookie").value_or(0);
}

inline std::size_t Size(Options options, const char* name) {
  const Napi::Value value = options.Get(name);
  return value.IsUndefined() ? 0 : args::Uint53(value, name);
}

}  // namespace subskel::attaching
