#include "memory/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "util/errors.h"

namespace subskel {

namespace {

bpf_map* FindArena(const bpf_object* object) {
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__type(map) == BPF_MAP_TYPE_ARENA) return map;
  }
  return nullptr;
}

/// Before load libbpf's copy of the variables, afterwards the start of the mapping.
const void* MemoryOf(const bpf_map* map, std::size_t* size) {
  return bpf_map__initial_value(map, size);
}

std::string Hexadecimal(std::uint64_t number) {
  char text[2 + 16 + 1];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

void Arena::BeforeMapping(const bpf_object* object, const std::string& subject) {
  map_ = FindArena(object);
  if (map_ == nullptr || !bpf_map__autocreate(map_) || bpf_map__fd(map_) >= 0) return;
  const std::string arena = subject + ": arena '" + bpf_map__name(map_) + "'";
  image_ = MemoryOf(map_, &size_);
  if (image_ != nullptr && (bpf_map__map_flags(map_) & kSegvOnFault) != 0) {
    throw UnsupportedFailure("mmap", arena,
                             arena +
                                 " has variables, and BPF_F_SEGV_ON_FAULT: libbpf would touch pages that are "
                                 "not allocated, which ends the process");
  }
  if (bpf_map__map_extra(map_) != 0) Reserve(arena);
}

/// libbpf maps at a fixed address whatever is there already, be it our memory or V8's. SAFETY: a reservation
/// that only succeeds where nothing is, and which libbpf's mapping then replaces in one step, leaves no gap
/// for others.
void Arena::Reserve(const std::string& subject) {
  const std::uint64_t address = bpf_map__map_extra(map_);
  const std::size_t size =
      static_cast<std::size_t>(bpf_map__max_entries(map_)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the address comes from the BPF source.
  void* const wanted = reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
  void* const base =
      mmap(wanted, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (base == wanted) {
    reserved_ = base;
    reserved_size_ = size;
    return;
  }
  // No page's address, or no page at all: the kernel refuses the map, and libbpf says so.
  if (base == MAP_FAILED && errno == EINVAL) return;
  // Kernels before 4.17 take the address for a hint.
  if (base != MAP_FAILED) munmap(base, size);
  throw UnsupportedFailure("mmap", subject,
                           subject + " wants to be mapped at " + Hexadecimal(address) +
                               " (map_extra), where this process has something else, or nothing can be");
}

bool Arena::Mapped() const {
  std::size_t size = 0;
  const void* const memory = MemoryOf(map_, &size);
  return memory != nullptr && memory != image_;
}

void Arena::AfterMapping() {
  if (reserved_ != nullptr && Mapped()) reserved_ = nullptr;
  GiveBack();
}

void Arena::GiveBack() noexcept {
  if (reserved_ != nullptr) munmap(std::exchange(reserved_, nullptr), reserved_size_);
}

int Arena::Load(bpf_object* object) {
  if (image_ == nullptr) return bpf_object__load(object);
  void* data = nullptr;
  bpf_map_skeleton map = {};
  map.name = bpf_map__name(map_);
  map.map = &map_;
  map.mmaped = &data;
  bpf_object_skeleton skeleton = {};
  skeleton.sz = sizeof skeleton;
  skeleton.name = bpf_object__name(object);
  skeleton.obj = &object;
  skeleton.map_cnt = 1;
  skeleton.map_skel_sz = sizeof map;
  skeleton.maps = &map;
  const int result = bpf_object__load_skeleton(&skeleton);
  // An arena that was found pinned is reused, but not mapped: what libbpf then says is no address.
  if (result == 0 && Mapped()) data_ = data;
  return result;
}

}  // namespace subskel
