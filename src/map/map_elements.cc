#include "map/map_elements.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <cerrno>
#include <string>

#include "util/args.h"
#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

// SAFETY: the buffer holds a share of the memory, which its finalizer gives up.
Napi::ArrayBuffer ShareMemory(Napi::Env env, const std::shared_ptr<std::uint8_t[]>& memory,
                              std::size_t size) {
  using Share = std::shared_ptr<std::uint8_t[]>;
  auto share = std::make_unique<Share>(memory);
  napi_value buffer;
  const napi_status status = napi_create_external_arraybuffer(
      env, memory.get(), size, [](napi_env, void*, void* hint) { delete static_cast<Share*>(hint); },
      share.get(), &buffer);
  if (status == napi_no_external_buffers_allowed) {
    throw UnsupportedFailure(
        "napi_create_external_arraybuffer", "",
        "this JavaScript runtime (Electron) does not allow memory from outside: run in Node.js");
  }
  if (status != napi_ok) throw Napi::Error::New(env);
  share.release();
  return Napi::ArrayBuffer(env, buffer);
}

napi_value RunHandle(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data) == napi_ok) {
    // SAFETY: the function that is being called owns a share of the handle.
    static_cast<MapHandle*>(data)->Run();
  }
  return nullptr;
}

bpf_map_info InfoOf(const MapHandle& handle) {
  bpf_map_info info = {};
  __u32 length = sizeof info;
  if (bpf_map_get_info_by_fd(handle.LiveFd(), &info, &length) < 0) {
    throw BpfFailure("bpf_map_get_info_by_fd", errno, handle.subject());
  }
  return info;
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

Napi::Value MapElements::Fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), handle_->GivenFd());
}

Napi::Value MapElements::Closed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), handle_->closed());
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
  return ShareMemory(info.Env(), handle_->memory(), handle_->memory_size());
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
  const bpf_map_info map = InfoOf(*handle_);
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
  const bpf_map_info map = InfoOf(*handle_);
  if (map.btf_id == 0) return info.Env().Null();
  const UniqueFd fd(
      CallInt(info.Env(), "bpf_btf_get_fd_by_id", handle_->subject(), bpf_btf_get_fd_by_id, map.btf_id));
  bpf_btf_info btf = {};
  __u32 length = sizeof btf;
  if (bpf_btf_get_info_by_fd(fd.get(), &btf, &length) < 0) {
    throw BpfFailure("bpf_btf_get_info_by_fd", errno, handle_->subject());
  }
  // Before the second call, as making the array may run the garbage collector, but no JavaScript.
  Napi::Uint8Array bytes = Napi::Uint8Array::New(info.Env(), btf.btf_size);
  const std::uint32_t size = btf.btf_size;
  btf = {};
  btf.btf = reinterpret_cast<std::uintptr_t>(bytes.Data());
  btf.btf_size = size;
  length = sizeof btf;
  // SAFETY: the kernel writes at most btf_size bytes, which are there, and keeps no address.
  if (bpf_btf_get_info_by_fd(fd.get(), &btf, &length) < 0) {
    throw BpfFailure("bpf_btf_get_info_by_fd", errno, handle_->subject());
  }
  return bytes;
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
