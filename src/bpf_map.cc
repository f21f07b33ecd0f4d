#include "bpf_map.h"

#include <bpf/bpf.h>

#include <cstring>
#include <string>

#include "bpf_link.h"
#include "map_guard.h"
#include "mapped_region.h"
#include "struct_ops.h"
#include "util/args.h"
#include "util/call.h"

namespace subskel {

std::vector<napi_property_descriptor> BpfMap::Properties() {
  return {
      Getter<&BpfMap::Name>("name"),
      Getter<&BpfMap::Section>("section"),
      Getter<&BpfMap::Type>("type"),
      Getter<&BpfMap::KeySize>("keySize"),
      Getter<&BpfMap::ValueSize>("valueSize"),
      Getter<&BpfMap::MaxEntries>("maxEntries"),
      Getter<&BpfMap::Flags>("flags"),
      Getter<&BpfMap::BtfKeyTypeId>("btfKeyTypeId"),
      Getter<&BpfMap::BtfValueTypeId>("btfValueTypeId"),
      Getter<&BpfMap::Fd>("fd"),
      Getter<&BpfMap::Pinned>("pinned"),
      Getter<&BpfMap::Autocreate>("autocreate"),
      Method<&BpfMap::SetAutocreate>("setAutocreate"),
      Getter<&BpfMap::Autoattach>("autoattach"),
      Method<&BpfMap::SetAutoattach>("setAutoattach"),
      Method<&BpfMap::AttachStructOps>("attachStructOps"),
      Method<&BpfMap::StructOpsImage>("structOpsImage"),
      Method<&BpfMap::SetStructOpsImage>("setStructOpsImage"),
      Method<&BpfMap::StructOpsFunctions>("structOpsFunctions"),
      Method<&BpfMap::SetStructOpsProgram>("setStructOpsProgram"),
      Method<&BpfMap::SetMaxEntries>("setMaxEntries"),
      Method<&BpfMap::SetValueSize>("setValueSize"),
      Method<&BpfMap::InitialValue>("initialValue"),
      Method<&BpfMap::SetInitialValue>("setInitialValue"),
      Method<&BpfMap::ArenaMemory>("arenaMemory"),
      Getter<&BpfMap::PinPath>("pinPath"),
      Method<&BpfMap::SetPinPath>("setPinPath"),
      Method<&BpfMap::Pin>("pin"),
      Method<&BpfMap::Unpin>("unpin"),
      Method<&BpfMap::ReuseFd>("reuseFd"),
      Method<&BpfMap::Freeze>("freeze"),
      Getter<&BpfMap::Scratch>("scratch"),
      Getter<&BpfMap::ScratchValueOffset>("scratchValueOffset"),
      Getter<&BpfMap::ScratchValueSize>("scratchValueSize"),
      Method<&BpfMap::Lookup>("lookup"),
      Method<&BpfMap::Update>("update"),
      Method<&BpfMap::Delete>("delete"),
      Method<&BpfMap::LookupAndDelete>("lookupAndDelete"),
      Method<&BpfMap::NextKey>("nextKey"),
  };
}

Napi::Value BpfMap::Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object, bpf_map* map) {
  return Adopt(env, std::make_unique<BpfMap>(object, map));
}

bpf_map* BpfMap::Live() const {
  if (object_->closed()) object_->Get("map");
  return map_;
}

std::string BpfMap::Subject() const {
  return object_->closed() ? "map" : std::string("map '") + bpf_map__name(map_) + "'";
}

int BpfMap::CreatedFd(const char* syscall) const {
  const int fd = bpf_map__fd(Live());
  if (fd >= 0) return fd;
  const bool loaded = object_->phase == ObjectHandle::Phase::kLoaded;
  throw NotLoadedFailure(syscall, Subject(),
                         Subject() + (loaded ? " was not created with its object (autocreate is off)"
                                             : " is not created before load"));
}

bpf_map* BpfMap::Uncreated(const char* syscall) const {
  if (object_->phase != ObjectHandle::Phase::kOpen && !object_->closed()) {
    throw Failure{Failure::Kind::kAlreadyLoaded, syscall, 0, Subject(),
                  Subject() + ": this is decided before its object is prepared or loaded"};
  }
  return Live();
}

Napi::Value BpfMap::Name(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), bpf_map__name(Live()));
}

Napi::Value BpfMap::Section(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), SectionOf(object_->Get(), Live()));
}

Napi::Value BpfMap::Type(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__type(Live()));
}

Napi::Value BpfMap::KeySize(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__key_size(Live()));
}

Napi::Value BpfMap::ValueSize(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__value_size(Live()));
}

Napi::Value BpfMap::MaxEntries(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__max_entries(Live()));
}

Napi::Value BpfMap::Flags(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__map_flags(Live()));
}

Napi::Value BpfMap::BtfKeyTypeId(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__btf_key_type_id(Live()));
}

Napi::Value BpfMap::BtfValueTypeId(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_map__btf_value_type_id(Live()));
}

Napi::Value BpfMap::Fd(const Napi::CallbackInfo& info) {
  const int fd = bpf_map__fd(Live());
  return Napi::Number::New(info.Env(), fd < 0 ? -1 : fd);
}

Napi::Value BpfMap::Pinned(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), bpf_map__is_pinned(Live()));
}

Napi::Value BpfMap::Autocreate(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), bpf_map__autocreate(Live()));
}

Napi::Value BpfMap::SetAutocreate(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_map* const map = Uncreated("bpf_map__set_autocreate");
  CallInt(Environment::Of(info.Env()), "bpf_map__set_autocreate", Subject(),
          [&] { return bpf_map__set_autocreate(map, on); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::Autoattach(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), bpf_map__autoattach(Live()));
}

Napi::Value BpfMap::SetAutoattach(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_map* const map = Live();
  CallInt(Environment::Of(info.Env()), "bpf_map__set_autoattach", Subject(),
          [&] { return bpf_map__set_autoattach(map, on); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::AttachStructOps(const Napi::CallbackInfo& info) {
  CreatedFd("bpf_map__attach_struct_ops");
  if (object_->phase != ObjectHandle::Phase::kLoaded) {
    throw NotLoadedFailure("bpf_map__attach_struct_ops", Subject(),
                           Subject() + ": its programs are not loaded");
  }
  bpf_link* const link = CallPointer(Environment::Of(info.Env()), "bpf_map__attach_struct_ops", Subject(),
                                     [&] { return bpf_map__attach_struct_ops(map_); });
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

Napi::Value BpfMap::SetStructOpsImage(const Napi::CallbackInfo& info) {
  const args::Bytes bytes = args::ByteArray(info[0], "bytes");
  bpf_map* const map = Uncreated("bpf_map__initial_value");
  const StructOpsShadow shadow(object_->Get(), map, Subject());
  if (bytes.size != shadow.size()) {
    throw ArgumentFailure(Subject() + " has " + std::to_string(shadow.size()) + " bytes, not " +
                          std::to_string(bytes.size));
  }
  shadow.Write(bytes.data);
  return info.Env().Undefined();
}

Napi::Value BpfMap::StructOpsFunctions(const Napi::CallbackInfo& info) {
  const StructOpsShadow shadow(object_->Get("map"), Live(), Subject());
  Napi::Array functions = Napi::Array::New(info.Env());
  for (const StructOpsShadow::Function& function : shadow.Functions()) {
    Napi::Object entry = Napi::Object::New(info.Env());
    entry.Set("offset", function.offset);
    entry.Set("program", function.program == nullptr
                             ? info.Env().Null()
                             : Napi::String::New(info.Env(), bpf_program__name(function.program)));
    functions.Set(functions.Length(), entry);
  }
  return functions;
}

Napi::Value BpfMap::SetStructOpsProgram(const Napi::CallbackInfo& info) {
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
  return info.Env().Undefined();
}

Napi::Value BpfMap::SetMaxEntries(const Napi::CallbackInfo& info) {
  const std::uint32_t count = args::Uint32(info[0], "maxEntries");
  bpf_map* const map = Uncreated("bpf_map__set_max_entries");
  CheckMaxEntries(map, count, Subject());
  CallInt(Environment::Of(info.Env()), "bpf_map__set_max_entries", Subject(),
          [&] { return bpf_map__set_max_entries(map, count); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::SetValueSize(const Napi::CallbackInfo& info) {
  const std::uint32_t size = args::Uint32(info[0], "valueSize");
  bpf_map* const map = Uncreated("bpf_map__set_value_size");
  CheckValueSize(object_->Get(), map, size, Subject());
  CallInt(Environment::Of(info.Env()), "bpf_map__set_value_size", Subject(),
          [&] { return bpf_map__set_value_size(map, size); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::InitialValue(const Napi::CallbackInfo& info) {
  const Image image = ImageOf(Live());
  // A mapped arena's memory is not where its variables are, even after a load() that failed.
  const bool moved =
      bpf_map__type(map_) == BPF_MAP_TYPE_ARENA && object_->phase != ObjectHandle::Phase::kOpen;
  if (image.data == nullptr || moved) return info.Env().Null();
  Napi::Uint8Array copy = Napi::Uint8Array::New(info.Env(), image.size);
  if (image.size != 0) std::memcpy(copy.Data(), image.data, image.size);
  return copy;
}

Napi::Value BpfMap::SetInitialValue(const Napi::CallbackInfo& info) {
  const args::Bytes bytes = args::ByteArray(info[0], "bytes");
  bpf_map* const map = Uncreated("bpf_map__set_initial_value");
  CallInt(Environment::Of(info.Env()), "bpf_map__set_initial_value", Subject(),
          [&] { return bpf_map__set_initial_value(map, bytes.data, bytes.size); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::ArenaMemory(const Napi::CallbackInfo& info) {
  constexpr const char* name = "bpf_object__load_skeleton";
  bpf_map* const map = Live();
  if (bpf_map__type(map) != BPF_MAP_TYPE_ARENA) throw ArgumentFailure(Subject() + " is no arena");
  if (object_->phase != ObjectHandle::Phase::kLoaded) {
    throw NotLoadedFailure(name, Subject(), Subject() + ": where its variables are is known after load()");
  }
  if (!bpf_map__autocreate(map)) {
    throw NotLoadedFailure(name, Subject(),
                           Subject() + " was not created with its object (autocreate is off)");
  }
  const Arena& arena = object_->arena;
  if (arena.data() == nullptr) {
    throw UnsupportedFailure(
        name, Subject(),
        Subject() + (arena.size() == 0
                         ? " has no variables"
                         : " was reused, from its pin: libbpf does not map its variables into this process"));
  }
  return ShareMemory(info.Env(), arena.data(), arena.size(), object_->Share());
}

Napi::Value BpfMap::PinPath(const Napi::CallbackInfo& info) {
  const char* const path = bpf_map__pin_path(Live());
  return Napi::String::New(info.Env(), path == nullptr ? "" : path);
}

Napi::Value BpfMap::SetPinPath(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  bpf_map* const map = Uncreated("bpf_map__set_pin_path");
  CallInt(Environment::Of(info.Env()), "bpf_map__set_pin_path", Subject(),
          [&] { return bpf_map__set_pin_path(map, path.empty() ? nullptr : path.c_str()); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::Pin(const Napi::CallbackInfo& info) {
  const bool given = !info[0].IsUndefined();
  const std::string path = given ? args::Text(info[0], "path") : "";
  CreatedFd("bpf_map__pin");
  CallInt(Environment::Of(info.Env()), "bpf_map__pin", Subject(),
          [&] { return bpf_map__pin(map_, given ? path.c_str() : nullptr); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::Unpin(const Napi::CallbackInfo& info) {
  const bool given = !info[0].IsUndefined();
  const std::string path = given ? args::Text(info[0], "path") : "";
  bpf_map* const map = Live();
  CallInt(Environment::Of(info.Env()), "bpf_map__unpin", Subject(),
          [&] { return bpf_map__unpin(map, given ? path.c_str() : nullptr); });
  return info.Env().Undefined();
}

Napi::Value BpfMap::ReuseFd(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  bpf_map* const map = Uncreated("bpf_map__reuse_fd");
  CheckReuse(map, fd, Subject());
  CallInt(Environment::Of(info.Env()), "bpf_map__reuse_fd", Subject(),
          [&] { return bpf_map__reuse_fd(map, fd); });
  elements_.reset();
  return info.Env().Undefined();
}

Napi::Value BpfMap::Freeze(const Napi::CallbackInfo& info) {
  const int fd = CreatedFd("bpf_map_freeze");
  CallInt(Environment::Of(info.Env()), "bpf_map_freeze", Subject(), [&] { return bpf_map_freeze(fd); });
  return info.Env().Undefined();
}

}  // namespace subskel
