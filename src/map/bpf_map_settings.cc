// What is decided about a map before its object is loaded.

#include <bpf/libbpf.h>

#include <cerrno>
#include <string>

#include "map/bpf_map.h"
#include "map/map_guard.h"
#include "util/args.h"
#include "util/call.h"

namespace subskel {

namespace {

// The libbpf functions that BpfMap::Set calls: what they are called, what their argument is called, and what
// is checked of it first.
struct NumberSetter {
  static std::uint32_t Read(const Napi::Value& value, const char* argument) {
    return args::Uint32(value, argument);
  }
  static void Check(const bpf_object*, const bpf_map* map, std::uint64_t, const std::string& subject) {
    CheckDefinable(map, subject);
  }
};

struct SetType : NumberSetter {
  static constexpr const char* name = "bpf_map__set_type";
  static constexpr const char* argument = "type";
  static void Check(const bpf_object*, const bpf_map* map, std::uint32_t type, const std::string& subject) {
    CheckOrdinaryType(type, subject);
    CheckDefinable(map, subject);
  }
  static int Call(bpf_map* map, std::uint32_t type) {
    return bpf_map__set_type(map, static_cast<bpf_map_type>(type));
  }
};

struct SetKeySize : NumberSetter {
  static constexpr const char* name = "bpf_map__set_key_size";
  static constexpr const char* argument = "keySize";
  static constexpr auto Call = bpf_map__set_key_size;
};

struct SetValueSize : NumberSetter {
  static constexpr const char* name = "bpf_map__set_value_size";
  static constexpr const char* argument = "valueSize";
  static void Check(const bpf_object* object, const bpf_map* map, std::uint32_t size,
                    const std::string& subject) {
    if (ImageOf(map).data != nullptr) {
      CheckValueSize(object, map, size, subject);
    } else {
      CheckDefinable(map, subject);
    }
  }
  static constexpr auto Call = bpf_map__set_value_size;
};

struct SetMaxEntries : NumberSetter {
  static constexpr const char* name = "bpf_map__set_max_entries";
  static constexpr const char* argument = "maxEntries";
  static void Check(const bpf_object*, const bpf_map* map, std::uint32_t count, const std::string& subject) {
    CheckMaxEntries(map, count, subject);
    // Before load only a map that was reused has one. libbpf before 1.7 would keep the number, to no effect.
    if (bpf_map__fd(map) >= 0) throw BpfFailure(name, EBUSY, subject);
  }
  static constexpr auto Call = bpf_map__set_max_entries;
};

struct SetFlags : NumberSetter {
  static constexpr const char* name = "bpf_map__set_map_flags";
  static constexpr const char* argument = "flags";
  static constexpr auto Call = bpf_map__set_map_flags;
};

struct SetNumaNode : NumberSetter {
  static constexpr const char* name = "bpf_map__set_numa_node";
  static constexpr const char* argument = "numaNode";
  static constexpr auto Call = bpf_map__set_numa_node;
};

struct SetExtra : NumberSetter {
  static constexpr const char* name = "bpf_map__set_map_extra";
  static constexpr const char* argument = "extra";
  static std::uint64_t Read(const Napi::Value& value, const char* argument) {
    return args::Uint64(value, argument);
  }
  static constexpr auto Call = bpf_map__set_map_extra;
};

struct SetAutocreate {
  static constexpr const char* name = "bpf_map__set_autocreate";
  static constexpr const char* argument = "on";
  static bool Read(const Napi::Value& value, const char* argument) { return args::Boolean(value, argument); }
  static void Check(const bpf_object*, const bpf_map*, bool, const std::string&) {}
  static constexpr auto Call = bpf_map__set_autocreate;
};

}  // namespace

template <typename Setter>
void BpfMap::Set(const Napi::CallbackInfo& info) {
  const auto value = Setter::Read(info[0], Setter::argument);
  bpf_map* const map = Uncreated(Setter::name);
  Setter::Check(object_->Get(), map, value, Subject());
  CallInt(info.Env(), Setter::name, Subject(), Setter::Call, map, value);
}

std::vector<napi_property_descriptor> BpfMap::Settings() {
  return {
      Getter<&BpfMap::Ask<bpf_map__type>>("type"),
      Method<&BpfMap::Set<SetType>>("setType"),
      Getter<&BpfMap::Ask<bpf_map__key_size>>("keySize"),
      Method<&BpfMap::Set<SetKeySize>>("setKeySize"),
      Getter<&BpfMap::Ask<bpf_map__value_size>>("valueSize"),
      Method<&BpfMap::Set<SetValueSize>>("setValueSize"),
      Getter<&BpfMap::Ask<bpf_map__max_entries>>("maxEntries"),
      Method<&BpfMap::Set<SetMaxEntries>>("setMaxEntries"),
      Getter<&BpfMap::Ask<bpf_map__map_flags>>("flags"),
      Method<&BpfMap::Set<SetFlags>>("setFlags"),
      Getter<&BpfMap::Ask<bpf_map__numa_node>>("numaNode"),
      Method<&BpfMap::Set<SetNumaNode>>("setNumaNode"),
      Getter<&BpfMap::Extra>("extra"),
      Method<&BpfMap::Set<SetExtra>>("setExtra"),
      Getter<&BpfMap::Ask<bpf_map__autocreate>>("autocreate"),
      Method<&BpfMap::Set<SetAutocreate>>("setAutocreate"),
      Getter<&BpfMap::Ask<bpf_map__autoattach>>("autoattach"),
      Method<&BpfMap::SetAutoattach>("setAutoattach"),
      Getter<&BpfMap::Ask<bpf_map__is_pinned>>("pinned"),
      Getter<&BpfMap::PinPath>("pinPath"),
      Method<&BpfMap::SetPinPath>("setPinPath"),
  };
}

Napi::Value BpfMap::Extra(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(bpf_map__map_extra(Live())));
}

// Not before load only: it is read when the object's struct_ops are attached.
void BpfMap::SetAutoattach(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  CallInt(info.Env(), "bpf_map__set_autoattach", Subject(), bpf_map__set_autoattach, Live(), on);
}

std::string BpfMap::PinPath() const {
  const char* const path = bpf_map__pin_path(Live());
  return path == nullptr ? "" : path;
}

void BpfMap::SetPinPath(const Napi::CallbackInfo& info) {
  constexpr const char* name = "bpf_map__set_pin_path";
  const std::string path = args::Text(info[0], "path");
  CallInt(info.Env(), name, Subject(), bpf_map__set_pin_path, Uncreated(name),
          path.empty() ? nullptr : path.c_str());
}

}  // namespace subskel
