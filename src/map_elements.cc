#include "map_elements.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>

#include "bpf_map.h"
#include "util/args.h"

namespace subskel {

namespace {

std::size_t RoundUp(std::size_t size) {
  return (size + 7) & ~static_cast<std::size_t>(7);
}

bool IsPerCpu(std::uint32_t type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

using SharedMemory = std::shared_ptr<std::uint8_t[]>;

// SAFETY: the buffer holds a share of the memory, which its finalizer gives up.
Napi::ArrayBuffer ShareMemory(Napi::Env env, const SharedMemory& memory, std::size_t size) {
  auto share = std::make_unique<SharedMemory>(memory);
  napi_value buffer;
  const napi_status status = napi_create_external_arraybuffer(
      env, memory.get(), size, [](napi_env, void*, void* hint) { delete static_cast<SharedMemory*>(hint); },
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

}  // namespace

MapElements::MapElements(Napi::Env env, int fd, const std::string& subject) : fd_(fd) {
  bpf_map_info info = {};
  __u32 length = sizeof info;
  if (bpf_map_get_info_by_fd(fd, &info, &length) < 0) {
    throw BpfFailure("bpf_map_get_info_by_fd", errno, subject);
  }
  key_size_ = info.key_size;
  value_offset_ = RoundUp(info.key_size);
  value_size_ = info.value_size;
  if (IsPerCpu(info.type)) {
    const int cpus = libbpf_num_possible_cpus();
    if (cpus < 0) throw BpfFailure("libbpf_num_possible_cpus", -cpus, subject);
    value_size_ = RoundUp(info.value_size) * static_cast<std::size_t>(cpus);
  }
  const std::size_t size = value_offset_ + RoundUp(value_size_) + 8;
  memory_ = std::shared_ptr<std::uint8_t[]>(new std::uint8_t[size]());
  scratch_ = Napi::Persistent(ShareMemory(env, memory_, size));
}

const MapElements& BpfMap::Elements(Napi::Env env, const char* syscall) {
  if (object_->closed()) object_->Get("map");
  // A failed load closes the maps: the descriptor may be somebody else's by now.
  const int fd = bpf_map__fd(map_);
  if (elements_ == nullptr || elements_->fd() != fd) {
    elements_.reset();
    elements_ = std::make_unique<MapElements>(env, CreatedFd(syscall), Subject());
  }
  return *elements_;
}

Napi::Value BpfMap::Scratch(const Napi::CallbackInfo& info) {
  return Elements(info.Env(), "bpf_map_lookup_elem").scratch();
}

Napi::Value BpfMap::ScratchValueOffset(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(),
                           static_cast<double>(Elements(info.Env(), "bpf_map_lookup_elem").value_offset()));
}

Napi::Value BpfMap::ScratchValueSize(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(),
                           static_cast<double>(Elements(info.Env(), "bpf_map_lookup_elem").value_size()));
}

// None of these captures libbpf's log: they are bare system calls, and called a million times a second.

Napi::Value BpfMap::Lookup(const Napi::CallbackInfo& info) {
  const std::uint64_t flags = args::Uint53(info[0], "flags");
  const MapElements& at = Elements(info.Env(), "bpf_map_lookup_elem");
  const int result = bpf_map_lookup_elem_flags(at.fd(), at.key(), at.value(), flags);
  if (result < 0 && result != -ENOENT) throw BpfFailure("bpf_map_lookup_elem", -result, Subject());
  return Napi::Boolean::New(info.Env(), result >= 0);
}

Napi::Value BpfMap::Update(const Napi::CallbackInfo& info) {
  const std::uint64_t flags = args::Uint53(info[0], "flags");
  const MapElements& at = Elements(info.Env(), "bpf_map_update_elem");
  const int result = bpf_map_update_elem(at.fd(), at.key(), at.value(), flags);
  if (result < 0 && result != -ENOENT && result != -EEXIST) {
    throw BpfFailure("bpf_map_update_elem", -result, Subject());
  }
  return Napi::Number::New(info.Env(), result < 0 ? -result : 0);
}

Napi::Value BpfMap::Delete(const Napi::CallbackInfo& info) {
  const MapElements& at = Elements(info.Env(), "bpf_map_delete_elem");
  const int result = bpf_map_delete_elem(at.fd(), at.key());
  if (result < 0 && result != -ENOENT) throw BpfFailure("bpf_map_delete_elem", -result, Subject());
  return Napi::Boolean::New(info.Env(), result >= 0);
}

Napi::Value BpfMap::LookupAndDelete(const Napi::CallbackInfo& info) {
  const std::uint64_t flags = args::Uint53(info[0], "flags");
  const MapElements& at = Elements(info.Env(), "bpf_map_lookup_and_delete_elem");
  const int result = bpf_map_lookup_and_delete_elem_flags(at.fd(), at.key(), at.value(), flags);
  if (result < 0 && result != -ENOENT) throw BpfFailure("bpf_map_lookup_and_delete_elem", -result, Subject());
  return Napi::Boolean::New(info.Env(), result >= 0);
}

Napi::Value BpfMap::NextKey(const Napi::CallbackInfo& info) {
  const bool first = args::Boolean(info[0], "first");
  const MapElements& at = Elements(info.Env(), "bpf_map_get_next_key");
  if (at.key() == nullptr)
    throw BpfFailure("bpf_map_get_next_key", ENOTSUP, Subject(), "the map has no keys");
  // The kernel reads the key before it writes the next one: both may be the same memory.
  const int result = bpf_map_get_next_key(at.fd(), first ? nullptr : at.key(), at.key());
  if (result < 0 && result != -ENOENT) throw BpfFailure("bpf_map_get_next_key", -result, Subject());
  return Napi::Boolean::New(info.Env(), result >= 0);
}

}  // namespace subskel
