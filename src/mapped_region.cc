#include "mapped_region.h"

#include <bpf/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "arena.h"
#include "read_only_pages.h"
#include "util/args.h"
#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

/// Whether this environment has stopped running JavaScript for good.
bool IsEnding(napi_env env) {
  napi_value yes;
  napi_value same;
  // Node-API refuses whatever could run JavaScript then, even where it would not.
  return napi_get_boolean(env, true, &yes) != napi_ok || napi_coerce_to_bool(env, yes, &same) != napi_ok;
}

}  // namespace

/// One mapping, our own or a part of one that somebody else unmaps (libbpf's, of an arena). Owned by its
/// ArrayBuffer: deleted by the buffer's finalizers and by nothing else.
///
/// There are two: that of the memory, and that of the JavaScript object. A detached buffer gives up its
/// memory at once, but a thread that Node has given it to (zlib, the file system) goes on reading; all it
/// keeps alive is the object. So memory that users have had arrays over stays for as long as that.
///
/// From Node 22 on, ArrayBuffer.prototype.transfer() moves the memory to a new buffer, which can go on to
/// another thread. Node does not know: when this environment ends, it detaches our buffer and calls the
/// finalizer although that thread may still use the memory. At that point our buffer looks the same in both
/// cases, so a witness has to look earlier: a second external buffer, made right after the first, which Node
/// therefore finalizes right before it (the newest first, as with cleanup hooks, which come too late from
/// Node 22 on).
class MappedRegion {
 public:
  MappedRegion(Environment& environment, void* base, std::size_t length, std::size_t mapped)
      : environment_(environment), base_(base), length_(length), mapped_(mapped) {}
  MappedRegion(Environment& environment, void* base, std::size_t length,
               std::unique_ptr<std::shared_ptr<void>> owner)
      : environment_(environment), base_(base), length_(length), mapped_(0), owner_(std::move(owner)) {}
  MappedRegion(const MappedRegion&) = delete;
  MappedRegion& operator=(const MappedRegion&) = delete;

  ~MappedRegion() {
    if (witness_ != nullptr) witness_->region = nullptr;
    if (mapped_ == 0) {
      // SAFETY: somebody may still use this memory. There is no other mapping to put in its place that the
      // owner would not unmap, so the owner stays for as long as the process does.
      if (!unused_) (void)owner_.release();
    } else if (unused_) {
      munmap(base_, mapped_);
    } else {
      // Somebody may still use this memory: give the kernel's map back, and leave zeros in its place.
      mmap(base_, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
           -1, 0);
    }
  }

  /// Gives the region away to its buffer.
  static Napi::Value MakeBuffer(Napi::Env env, std::unique_ptr<MappedRegion> region);
  /// Its buffer was detached by us: nobody can have moved the memory elsewhere. `lent`: users have had arrays
  /// over it, and another thread may be at work on one.
  void BufferDetached(bool lent) {
    detached_ = true;
    lent_ = lent;
    if (owner_ == nullptr || lent) return;
    // The finalizer comes with a later turn of the event loop. Whoever opens and closes objects in a loop
    // would run out of file descriptors until then. The next mapping can lie at the same address.
    Forget();
    owner_.reset();
  }

 private:
  struct Witness {
    MappedRegion* region;
  };

  static void Finalize(napi_env env, void* base, void* hint);
  static void FinalizeObject(napi_env env, void* data, void* hint);
  static void FinalizeWitness(napi_env env, void* data, void* hint);
  void MakeWitness(Napi::Env env);
  void Forget() noexcept;
  void DeleteReferences(napi_env env) noexcept;
  bool BufferHoldsMemory(napi_env env) const;

  Environment& environment_;
  void* const base_;
  const std::size_t length_;
  /// 0: the owner unmaps it.
  const std::size_t mapped_;
  std::unique_ptr<std::shared_ptr<void>> owner_;
  /// Weak: our buffer. Strong: the witness, which must not be collected before.
  napi_ref buffer_ = nullptr;
  napi_ref witness_buffer_ = nullptr;
  Witness* witness_ = nullptr;
  bool detached_ = false;
  bool lent_ = false;
  bool object_gone_ = false;
  bool memory_gone_ = false;
  bool witnessed_ = false;
  bool unused_ = true;
};

// SAFETY: runs once, when the last ArrayBuffer over the memory is gone, or while the environment is torn
// down.
void MappedRegion::Finalize(napi_env env, void*, void* hint) {
  std::unique_ptr<MappedRegion> region(static_cast<MappedRegion*>(hint));
  // Without a witness, the end of the environment must be taken for the bad case.
  if (!region->witnessed_) region->unused_ = region->detached_ || !IsEnding(env);
  region->Forget();
  if (region->lent_ && !region->object_gone_) {
    region->memory_gone_ = true;
    // SAFETY: FinalizeObject deletes it.
    (void)region.release();
    return;
  }
  region->DeleteReferences(env);
}

// SAFETY: runs once, when the JavaScript object is collected or its environment ends, which waits for the
// work that other threads do for it; not at all where the region has deleted the reference before.
void MappedRegion::FinalizeObject(napi_env env, void* data, void*) {
  auto* const region = static_cast<MappedRegion*>(data);
  region->object_gone_ = true;
  if (!region->memory_gone_) return;
  const std::unique_ptr<MappedRegion> last(region);
  last->DeleteReferences(env);
}

void MappedRegion::DeleteReferences(napi_env env) noexcept {
  if (buffer_ != nullptr) napi_delete_reference(env, buffer_);
  if (witness_buffer_ != nullptr) napi_delete_reference(env, witness_buffer_);
}

void MappedRegion::Forget() noexcept {
  const auto entry = environment_.regions.find(base_);
  if (entry != environment_.regions.end() && entry->second == this) environment_.regions.erase(entry);
}

// SAFETY: runs once. The region is still there unless it has said so.
void MappedRegion::FinalizeWitness(napi_env env, void*, void* hint) {
  const std::unique_ptr<Witness> witness(static_cast<Witness*>(hint));
  MappedRegion* const region = witness->region;
  if (region == nullptr) return;
  region->witness_ = nullptr;
  region->witnessed_ = true;
  region->unused_ = region->detached_ || region->BufferHoldsMemory(env);
}

/// Whether our own buffer has the memory, so that no other can have it.
bool MappedRegion::BufferHoldsMemory(napi_env env) const {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return false;
  napi_value buffer = nullptr;
  void* data = nullptr;
  std::size_t length = 0;
  const bool holds = buffer_ != nullptr && napi_get_reference_value(env, buffer_, &buffer) == napi_ok &&
                     buffer != nullptr && napi_get_arraybuffer_info(env, buffer, &data, &length) == napi_ok &&
                     data == base_ && length == length_;
  napi_close_handle_scope(env, scope);
  return holds;
}

void MappedRegion::MakeWitness(Napi::Env env) {
  auto witness = std::make_unique<Witness>(Witness{this});
  napi_value buffer;
  if (napi_create_external_arraybuffer(env, witness.get(), sizeof(Witness), FinalizeWitness, witness.get(),
                                       &buffer) != napi_ok) {
    throw Napi::Error::New(env);
  }
  witness_ = witness.release();
  if (napi_create_reference(env, buffer, 1, &witness_buffer_) != napi_ok) throw Napi::Error::New(env);
}

Napi::Value MappedRegion::MakeBuffer(Napi::Env env, std::unique_ptr<MappedRegion> region) {
  napi_value buffer;
  MappedRegion* const raw = region.get();
  // SAFETY: hands the memory to V8, and the region to the buffer's finalizer.
  const napi_status status =
      napi_create_external_arraybuffer(env, raw->base_, raw->length_, Finalize, raw, &buffer);
  if (status == napi_no_external_buffers_allowed) {
    throw UnsupportedFailure(
        "napi_create_external_arraybuffer", "",
        "this JavaScript runtime does not allow memory from outside (Electron's memory cage): "
        "variables cannot be mapped here, run the agent in Node.js");
  }
  if (status != napi_ok) throw Napi::Error::New(env);
  region.release();
  if (napi_add_finalizer(env, buffer, raw, FinalizeObject, nullptr, &raw->buffer_) != napi_ok) {
    throw Napi::Error::New(env);
  }
  raw->MakeWitness(env);
  raw->environment_.regions.emplace(raw->base_, raw);
  return Napi::Value(env, buffer);
}

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

/// A NativeMapping of lib/native/addon.ts.
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
  const Napi::Value pages = ReadOnlyPages::Wrap(env, base, length, mapped);
  if ((map.map_flags & BPF_F_RDONLY_PROG) == 0 || !IsFrozen(fd)) return Mapping(env, env.Null(), true, pages);
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(env, length);
  // SAFETY: the pages are there until their JavaScript object, which is on the stack, is gone.
  std::memcpy(copy.Data(), base, length);
  return Mapping(env, copy, true, env.Null());
}

}  // namespace

Napi::Value MapMemory(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::uint64_t length = args::Uint53(info[1], "length");
  if (length == 0) args::Refuse("length", "at least 1");
  Environment& environment = Environment::Of(info.Env());
  const std::string subject = "map of file descriptor " + std::to_string(fd);
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

Napi::Value DetachBuffer(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) args::Refuse("buffer", "an ArrayBuffer");
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  const bool lent = args::Boolean(info[1], "lent");
  if (buffer.IsDetached()) return info.Env().Undefined();
  Environment& environment = Environment::Of(info.Env());
  const auto region = environment.regions.find(buffer.Data());
  if (napi_detach_arraybuffer(info.Env(), buffer) != napi_ok) {
    args::Refuse("buffer", "an ArrayBuffer that can be detached");
  }
  if (region != environment.regions.end()) region->second->BufferDetached(lent);
  return info.Env().Undefined();
}

}  // namespace subskel
