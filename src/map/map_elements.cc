#include "map/map_elements.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <string>

#include "kernel/kernel_btf.h"
#include "util/args.h"
#include "util/call.h"
#include "util/map_info.h"
#include "util/result.h"
#include "util/shared_memory.h"

namespace subskel {

namespace {

napi_value RunHandle(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data) == napi_ok) {
    // SAFETY: the function that is being called owns a share of the handle.
    static_cast<MapHandle*>(data)->Run();
  }
  return nullptr;
}

}  // namespace

std::vector<napi_property_descriptor> MapElements::Properties() {
  return {
      Getter<&MapElements::Fd>("fd"),
      Getter<&MapElements::Closed>("closed"),
      Method<&MapElements::Layout>("layout"),
      Method<&MapElements::Memory>("memory"),
      Method<&MapElements::Run>("runner"),
      Method<&MapElements::Info>("info"),
      Method<&MapElements::Btf>("btf"),
      Method<&MapElements::Freeze>("freeze"),
      Method<&MapElements::Pin>("pin"),
      Method<&MapElements::Close>("close"),
      Method<&MapElements::LookupBatch>("lookupBatch"),
      Method<&MapElements::UpdateBatch>("updateBatch"),
      Method<&MapElements::DeleteBatch>("deleteBatch"),
  };
}

Napi::Value MapElements::Wrap(Napi::Env env, std::shared_ptr<MapHandle> handle) {
  return Adopt(env, std::make_unique<MapElements>(std::move(handle)));
}

Napi::Value MapElements::Layout(const Napi::CallbackInfo& info) {
  Result layout(info.Env());
  layout.Put("type", handle_->type());
  layout.Put("keyOffset", static_cast<double>(MapHandle::kKeyOffset));
  layout.Put("keySize", static_cast<double>(handle_->key_size()));
  layout.Put("valueOffset", static_cast<double>(handle_->value_offset()));
  layout.Put("valueSize", static_cast<double>(handle_->value_size()));
  return layout;
}

Napi::Value MapElements::Memory(const Napi::CallbackInfo& info) {
  return MakeSharedBuffer(info.Env(), handle_->memory(), handle_->memory().get(), handle_->memory_size());
}

// A function of its own instead of a method: no receiver to check, no arguments to convert. That would be a
// third of the time that the system call takes.
Napi::Value MapElements::Run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  using Share = std::shared_ptr<MapHandle>;
  auto share = std::make_unique<Share>(handle_);
  napi_value function;
  // SAFETY: the function's finalizer gives the share up, so that the handle is there whenever it is called.
  if (napi_create_function(env, "run", NAPI_AUTO_LENGTH, RunHandle, handle_.get(), &function) != napi_ok ||
      napi_add_finalizer(
          env, function, share.get(), [](napi_env, void* data, void*) { delete static_cast<Share*>(data); },
          nullptr, nullptr) != napi_ok) {
    throw Napi::Error::New(env);
  }
  share.release();
  return Napi::Value(env, function);
}

Napi::Value MapElements::Info(const Napi::CallbackInfo& info) {
  const bpf_map_info map = MapInfo(handle_->LiveFd(), handle_->subject());
  const Napi::Env env = info.Env();
  Result result(env);
  result.Put("type", map.type);
  result.Put("id", map.id);
  result.Put("keySize", map.key_size);
  result.Put("valueSize", map.value_size);
  result.Put("maxEntries", map.max_entries);
  result.Put("flags", map.map_flags);
  result.Put("name", std::string(map.name, strnlen(map.name, sizeof map.name)));
  result.Put("ifindex", map.ifindex);
  result.Put("netnsDevice", Napi::BigInt::New(env, static_cast<std::uint64_t>(map.netns_dev)));
  result.Put("netnsInode", Napi::BigInt::New(env, static_cast<std::uint64_t>(map.netns_ino)));
  result.Put("btfId", map.btf_id);
  result.Put("btfKeyTypeId", map.btf_key_type_id);
  result.Put("btfValueTypeId", map.btf_value_type_id);
  result.Put("btfVmlinuxValueTypeId", map.btf_vmlinux_value_type_id);
  result.Put("extra", Napi::BigInt::New(env, static_cast<std::uint64_t>(map.map_extra)));
  return result;
}

Napi::Value MapElements::Btf(const Napi::CallbackInfo& info) {
  const bpf_map_info map = MapInfo(handle_->LiveFd(), handle_->subject());
  if (map.btf_id == 0) return info.Env().Null();
  const KernelBtf btf = ReadKernelBtf(info.Env(), map.btf_id, handle_->subject(), true);
  return CopyOf(info.Env(), btf.bytes.data(), btf.bytes.size());
}

void MapElements::Freeze(const Napi::CallbackInfo& info) {
  const int fd = handle_->LiveFd();
  CallInt(info.Env(), "bpf_map_freeze", handle_->subject(), bpf_map_freeze, fd);
}

void MapElements::Pin(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  const int fd = handle_->LiveFd();
  CallInt(info.Env(), "bpf_obj_pin", handle_->subject() + " at '" + path + "'", bpf_obj_pin, fd,
          path.c_str());
}

void MapElements::Close(const Napi::CallbackInfo& info) {
  handle_->Close();
}

}  // namespace subskel
