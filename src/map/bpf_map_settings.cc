// What is decided about a map before its object is loaded.

#include <bpf/libbpf.h>

#include <cerrno>
#include <string>

#include "map/bpf_map.h"
#include "map/map_guard.h"
#include "util/args.h"
#include "util/call.h"

namespace subskel {

Napi::Value BpfMap::SetAutocreate(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_map* const map = Uncreated("bpf_map__set_autocreate");
  CallInt(Environment::Of(info.Env()), "bpf_map__set_autocreate", Subject(),
          [&] { return bpf_map__set_autocreate(map, on); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::SetAutoattach(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_map* const map = Live();
  CallInt(Environment::Of(info.Env()), "bpf_map__set_autoattach", Subject(),
          [&] { return bpf_map__set_autoattach(map, on); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::SetMaxEntries(const Napi::CallbackInfo& info) {
  const std::uint32_t count = args::Uint32(info[0], "maxEntries");
  bpf_map* const map = Uncreated("bpf_map__set_max_entries");
  CheckMaxEntries(map, count, Subject());
  // Before load only a map that was reused has one. libbpf before 1.7 would keep the number, to no effect.
  if (bpf_map__fd(map) >= 0) throw BpfFailure("bpf_map__set_max_entries", EBUSY, Subject());
  CallInt(Environment::Of(info.Env()), "bpf_map__set_max_entries", Subject(),
          [&] { return bpf_map__set_max_entries(map, count); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::SetValueSize(const Napi::CallbackInfo& info) {
  const std::uint32_t size = args::Uint32(info[0], "valueSize");
  bpf_map* const map = Uncreated("bpf_map__set_value_size");
  if (ImageOf(map).data != nullptr) {
    CheckValueSize(object_->Get(), map, size, Subject());
  } else {
    CheckDefinable(map, Subject());
  }
  CallInt(Environment::Of(info.Env()), "bpf_map__set_value_size", Subject(),
          [&] { return bpf_map__set_value_size(map, size); });
  return info.Env().Undefined();
}

namespace {

int SetMapType(bpf_map* map, std::uint32_t type) {
  return bpf_map__set_type(map, static_cast<bpf_map_type>(type));
}

}  // namespace

template <auto set>
Napi::Value BpfMap::SetNumber(const Napi::CallbackInfo& info, const char* name, const char* syscall) {
  const std::uint32_t number = args::Uint32(info[0], name);
  bpf_map* const map = Uncreated(syscall);
  CheckDefinable(map, Subject());
  CallInt(Environment::Of(info.Env()), syscall, Subject(), [&] { return set(map, number); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::SetType(const Napi::CallbackInfo& info) {
  CheckOrdinaryType(args::Uint32(info[0], "type"), Subject());
  return SetNumber<SetMapType>(info, "type", "bpf_map__set_type");
}

Napi::Value BpfMap::SetKeySize(const Napi::CallbackInfo& info) {
  return SetNumber<bpf_map__set_key_size>(info, "keySize", "bpf_map__set_key_size");
}

Napi::Value BpfMap::SetFlags(const Napi::CallbackInfo& info) {
  return SetNumber<bpf_map__set_map_flags>(info, "flags", "bpf_map__set_map_flags");
}

Napi::Value BpfMap::SetNumaNode(const Napi::CallbackInfo& info) {
  return SetNumber<bpf_map__set_numa_node>(info, "numaNode", "bpf_map__set_numa_node");
}

Napi::Value BpfMap::Extra(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(bpf_map__map_extra(Live())));
}

Napi::Value BpfMap::SetExtra(const Napi::CallbackInfo& info) {
  const std::uint64_t extra = args::Uint64(info[0], "extra");
  bpf_map* const map = Uncreated("bpf_map__set_map_extra");
  CheckDefinable(map, Subject());
  CallInt(Environment::Of(info.Env()), "bpf_map__set_map_extra", Subject(),
          [&] { return bpf_map__set_map_extra(map, extra); });
  return info.Env().Undefined();
}

}  // namespace subskel
