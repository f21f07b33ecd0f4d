#pragma once

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

/// Reads the members of options, each by one of args' checks. All of them are read before anything is done:
/// a getter may run JavaScript.
class Reader {
 public:
  explicit Reader(Options options) : options_(options) {}

  /// A member that must be there.
  template <auto Check, typename Member>
  Reader& Need(const char* name, Member& member) {
    member = static_cast<Member>(Check(options_.Get(name), name));
    return *this;
  }

  /// One that may be absent: `member` is left as it is.
  template <auto Check, typename Member>
  Reader& Take(const char* name, Member& member) {
    const Napi::Value value = options_.Get(name);
    if (!value.IsUndefined()) member = static_cast<Member>(Check(value, name));
    return *this;
  }

 private:
  Options options_;
};

}  // namespace subskel::attaching
