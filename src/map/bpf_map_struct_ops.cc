// The methods of BpfMap that only struct_ops maps have.

#include <string>

#include "link/bpf_link.h"
#include "map/bpf_map.h"
#include "object/struct_ops.h"
#include "util/args.h"
#include "util/call.h"
#include "util/result.h"

namespace subskel {

Napi::Value BpfMap::AttachStructOps(const Napi::CallbackInfo& info) {
  CreatedFd("bpf_map__attach_struct_ops");
  if (object_->phase != ObjectHandle::Phase::kLoaded) {
    throw NotLoadedFailure("bpf_map__attach_struct_ops", Subject(),
                           Subject() + ": its programs are not loaded");
  }
  bpf_link* const link =
      CallPointer(info.Env(), "bpf_map__attach_struct_ops", Subject(), bpf_map__attach_struct_ops, map_);
  std::shared_ptr<LinkSet> links(object_, &object_->links);
  std::shared_ptr<LinkHandle> handle = links->Add(link, LinkHandle::Made::kStructOps);
  return BpfLink::Adopt(
      info.Env(), std::make_unique<BpfLink>(std::move(links), std::move(handle), "link of " + Subject()));
}

bpf_map* BpfMap::StructOpsOf(const Napi::Value& value) {
  const BpfMap& map = From(value, "map");
  map.CreatedFd("bpf_link__update_map");
  if (bpf_map__type(map.map_) != BPF_MAP_TYPE_STRUCT_OPS) {
    throw ArgumentFailure(map.Subject() + " is not a struct_ops map");
  }
  // libbpf would register it by itself, and only then find out.
  if ((bpf_map__map_flags(map.map_) & BPF_F_LINK) == 0) {
    throw ArgumentFailure(map.Subject() + " makes no links: its section must be \".struct_ops.link\"");
  }
  if (map.object_->phase != ObjectHandle::Phase::kLoaded) {
    throw NotLoadedFailure("bpf_link__update_map", map.Subject(),
                           map.Subject() + ": its programs are not loaded");
  }
  return map.map_;
}

Napi::Value BpfMap::StructOpsImage(const Napi::CallbackInfo& info) {
  const StructOpsShadow shadow(object_->Get("map"), Live(), Subject());
  Napi::Uint8Array copy = Napi::Uint8Array::New(info.Env(), shadow.size());
  shadow.Read(copy.Data());
  return copy;
}

void BpfMap::SetStructOpsImage(const Napi::CallbackInfo& info) {
  const args::Bytes bytes = args::ByteArray(info[0], "bytes");
  bpf_map* const map = Uncreated("bpf_map__initial_value");
  const StructOpsShadow shadow(object_->Get(), map, Subject());
  if (bytes.size != shadow.size()) {
    throw ArgumentFailure(Subject() + " has " + std::to_string(shadow.size()) + " bytes, not " +
                          std::to_string(bytes.size));
  }
  shadow.Write(bytes.data);
}

Napi::Value BpfMap::StructOpsFunctions(const Napi::CallbackInfo& info) {
  const StructOpsShadow shadow(object_->Get("map"), Live(), Subject());
  ResultList functions(info.Env());
  for (const StructOpsShadow::Function& function : shadow.Functions()) {
    Result entry(info.Env());
    entry.Put("offset", function.offset);
    entry.Put("program", function.program == nullptr
                             ? info.Env().Null()
                             : Napi::String::New(info.Env(), bpf_program__name(function.program)));
    functions.Add(entry);
  }
  return functions;
}

void BpfMap::SetStructOpsProgram(const Napi::CallbackInfo& info) {
  const std::uint32_t offset = args::Uint32(info[0], "offset");
  const bool given = !info[1].IsNull();
  const std::string name = given ? args::Text(info[1], "program") : "";
  bpf_map* const map = Uncreated("bpf_map__initial_value");
  bpf_program* const program =
      given ? bpf_object__find_program_by_name(object_->Get(), name.c_str()) : nullptr;
  if (given && program == nullptr) {
    throw ArgumentFailure(Subject() + ": its object has no program '" + name + "'");
  }
  StructOpsShadow(object_->Get(), map, Subject()).SetProgram(offset, program);
}

}  // namespace subskel
