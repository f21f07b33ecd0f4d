#include "memory/map_memory.h"

#include <bpf/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "memory/arena.h"
#include "memory/mapped_region.h"
#include "memory/read_only_pages.h"
#include "util/args.h"
#include "util/result.h"

namespace subskel {

namespace {

bpf_map_info CheckMappable(int fd, const std::string& subject) {
  bpf_map_info info = {};
  __u32 size = sizeof info;
  // Anything else could be truncated under the mapping, and reading it would end the process.
  if (bpf_map_get_info_by_fd(fd, &info, &size) < 0)
    throw BpfFailure("bpf_map_get_info_by_fd", errno, subject);
  if (info.type == BPF_MAP_TYPE_ARENA && (info.map_flags & kSegvOnFault) != 0) {
    throw UnsupportedFailure("mmap", subject,
                             subject +
                                 ": an arena with BPF_F_SEGV_ON_FAULT cannot be mapped: reading a page that "
                                 "is not allocated would end the process");
  }
  return info;
}

/// Whether map_freeze was called: the kernel says so here only.
bool IsFrozen(int fd) {
  char path[40];
  std::snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path, "re"), std::fclose);
  if (file == nullptr) return false;
  char line[128];
  int frozen = 0;
  while (std::fgets(line, sizeof line, file.get()) != nullptr) {
    if (std::sscanf(line, "frozen: %d", &frozen) == 1) return frozen == 1;
  }
  return false;
}

/// A NativeMapping of lib/native/surface/handles.ts.
Napi::Value Mapping(Napi::Env env, const Napi::Value& buffer, bool readonly, const Napi::Value& pages) {
  Result mapping(env);
  mapping.Put("buffer", buffer);
  mapping.Put("readonly", Napi::Boolean::New(env, readonly));
  mapping.Put("pages", pages);
  return mapping;
}

Napi::Value Writable(Napi::Env env, std::unique_ptr<MappedRegion> region) {
  return Mapping(env, MappedRegion::MakeBuffer(env, std::move(region)), false, env.Null());
}

/// Of what neither programs nor user space can change any more, which is what libbpf makes of .rodata and
/// .kconfig, a copy is as good as the pages themselves, and harmless.
Napi::Value ReadOnly(Napi::Env env, int fd, const bpf_map_info& map, void* base, std::size_t length,
                     std::size_t mapped) {
  if ((map.map_flags & BPF_F_RDONLY_PROG) == 0 || !IsFrozen(fd)) {
    return Mapping(env, env.Null(), true, ReadOnlyPages::Wrap(env, base, length, mapped));
  }
  // Not by a JavaScript object: in a loop in which none is collected the process would run out of mappings.
  const auto unmap = [mapped](void* pages) { munmap(pages, mapped); };
  const std::unique_ptr<void, decltype(unmap)> pages(base, unmap);
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(env, length);
  // SAFETY: the pages are there until the end of this block, and nothing else has their address.
  std::memcpy(copy.Data(), pages.get(), length);
  return Mapping(env, copy, true, env.Null());
}

}  // namespace

Napi::Value MapMemory(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::uint64_t length = args::Uint53(info[1], "length");
  if (length == 0) args::Refuse("length", "at least 1");
  const std::string subject =
      info[2].IsUndefined() ? "map of file descriptor " + std::to_string(fd) : args::Text(info[2], "subject");
  Environment& environment = Environment::Of(info.Env());
  const bpf_map_info map = CheckMappable(fd, subject);

  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t mapped = (length + page - 1) / page * page;
  bool readonly = false;
  void* base = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED && (errno == EPERM || errno == EACCES)) {
    // The kernel decides, not the section's name: a frozen map, or a descriptor for reading only.
    readonly = true;
    base = mmap(nullptr, mapped, PROT_READ, MAP_SHARED, fd, 0);
  }
  if (base == MAP_FAILED) throw BpfFailure("mmap", errno, subject, std::to_string(length) + " bytes");
  if (readonly) return ReadOnly(info.Env(), fd, map, base, length, mapped);

  std::unique_ptr<MappedRegion> region(new (std::nothrow) MappedRegion(environment, base, length, mapped));
  if (region == nullptr) {
    munmap(base, mapped);
    throw std::bad_alloc();
  }
  return Writable(info.Env(), std::move(region));
}

Napi::Value ShareMemory(Napi::Env env, void* base, std::size_t length, std::shared_ptr<void> owner) {
  Environment& environment = Environment::Of(env);
  if (environment.regions.count(base) != 0) {
    throw ArgumentFailure("this memory is with another buffer already: only one can say when it is unused");
  }
  auto shared = std::make_unique<std::shared_ptr<void>>(std::move(owner));
  return Writable(env, std::make_unique<MappedRegion>(environment, base, length, std::move(shared)));
}

void DetachBuffer(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) args::Refuse("buffer", "an ArrayBuffer");
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  const bool lent = args::Boolean(info[1], "lent");
  if (buffer.IsDetached()) return;
  Environment& environment = Environment::Of(info.Env());
  void* const base = buffer.Data();
  auto region = environment.regions.find(base);
  if (region != environment.regions.end()) region->second->BufferDetaches(true, lent);
  const bool detached = napi_detach_arraybuffer(info.Env(), buffer) == napi_ok;
  // Bun and Deno finalize the memory in there, Node.js later: the region can be gone by now.
  region = environment.regions.find(base);
  if (!detached) {
    if (region != environment.regions.end()) region->second->BufferDetaches(false, false);
    args::Refuse("buffer", "an ArrayBuffer that can be detached");
  }
  if (region != environment.regions.end()) region->second->BufferDetached(info.Env());
}

}  // namespace subskel
