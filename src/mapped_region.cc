#include "mapped_region.h"

#include <bpf/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>

#include "util/args.h"
#include "util/call.h"

namespace subskel {

/// One mapping. Owned by its ArrayBuffer: deleted by the buffer's finalizer and by nothing else.
class MappedRegion {
 public:
  MappedRegion(Environment& environment, void* base, std::size_t length, std::size_t mapped)
      : environment_(environment), base_(base), length_(length), mapped_(mapped) {}
  MappedRegion(const MappedRegion&) = delete;
  MappedRegion& operator=(const MappedRegion&) = delete;

  ~MappedRegion() {
    if (unused_) {
      munmap(base_, mapped_);
      return;
    }
    // Somebody may still read this memory: give the kernel's map back, and leave zeros in its place.
    mmap(base_, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
         0);
  }

  Napi::Value MakeBuffer(Napi::Env env);
  void Forget(napi_env env);
  void* base() const { return base_; }
  /// Its buffer was detached by us: nobody can have moved the memory elsewhere.
  void BufferDetached() { detached_ = true; }

 private:
  static void Finalize(napi_env env, void* base, void* hint);
  static void EnvironmentEnds(void* region);
  bool BufferHoldsMemory() const;

  Environment& environment_;
  void* const base_;
  const std::size_t length_;
  const std::size_t mapped_;
  napi_env env_ = nullptr;
  napi_ref buffer_ = nullptr;
  bool hooked_ = false;
  bool detached_ = false;
  bool unused_ = true;
};

// SAFETY: runs once, when the last ArrayBuffer over the memory is gone, or, for buffers still alive, while
// the environment is torn down, after EnvironmentEnds.
void MappedRegion::Finalize(napi_env env, void*, void* hint) {
  const std::unique_ptr<MappedRegion> region(static_cast<MappedRegion*>(hint));
  region->Forget(env);
}

void MappedRegion::Forget(napi_env env) {
  if (buffer_ != nullptr) napi_delete_reference(env, buffer_);
  if (!hooked_) return;
  napi_remove_env_cleanup_hook(env, EnvironmentEnds, this);
  environment_.regions.erase(base_);
}

// From Node 22 on, ArrayBuffer.prototype.transfer() moves the memory to a new buffer, which can go on to
// another thread. Node does not know: when this environment ends, it calls the finalizer although that thread
// may still use the memory. Hooks run last-in first-out, so this one, added right after the buffer was made,
// comes before Node's.
void MappedRegion::EnvironmentEnds(void* hint) {
  auto* const region = static_cast<MappedRegion*>(hint);
  region->hooked_ = false;
  region->unused_ = region->detached_ || region->BufferHoldsMemory();
}

/// Whether our own buffer still has the memory: Node detaches that one before it calls the finalizer.
bool MappedRegion::BufferHoldsMemory() const {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env_, &scope) != napi_ok) return false;
  napi_value buffer = nullptr;
  void* data = nullptr;
  std::size_t length = 0;
  const bool holds = napi_get_reference_value(env_, buffer_, &buffer) == napi_ok && buffer != nullptr &&
                     napi_get_arraybuffer_info(env_, buffer, &data, &length) == napi_ok && data == base_ &&
                     length == length_;
  napi_close_handle_scope(env_, scope);
  return holds;
}

Napi::Value MappedRegion::MakeBuffer(Napi::Env env) {
  std::unique_ptr<MappedRegion> self(this);
  napi_value buffer;
  // SAFETY: hands the memory to V8. `this` lives until Finalize.
  const napi_status status = napi_create_external_arraybuffer(env, base_, length_, Finalize, this, &buffer);
  if (status == napi_no_external_buffers_allowed) {
    throw UnsupportedFailure(
        "napi_create_external_arraybuffer", "",
        "this JavaScript runtime does not allow memory from outside (Electron's memory cage): "
        "variables cannot be mapped here, run the agent in Node.js");
  }
  if (status != napi_ok) throw Napi::Error::New(env);
  self.release();
  env_ = env;
  if (napi_create_reference(env, buffer, 0, &buffer_) != napi_ok ||
      napi_add_env_cleanup_hook(env, EnvironmentEnds, this) != napi_ok) {
    throw Napi::Error::New(env);
  }
  hooked_ = true;
  environment_.regions.emplace(base_, this);
  return Napi::Value(env, buffer);
}

namespace {

void CheckMappable(int fd, const std::string& subject) {
  bpf_map_info info = {};
  __u32 size = sizeof info;
  // Anything else could be truncated under the mapping, and reading it would end the process.
  if (bpf_map_get_info_by_fd(fd, &info, &size) < 0)
    throw BpfFailure("bpf_map_get_info_by_fd", errno, subject);
  constexpr std::uint32_t segv_on_fault = 1u << 17;
  if (info.type == BPF_MAP_TYPE_ARENA && (info.map_flags & segv_on_fault) != 0) {
    throw UnsupportedFailure("mmap", subject,
                             subject +
                                 ": an arena with BPF_F_SEGV_ON_FAULT cannot be mapped: reading a page that "
                                 "is not allocated would end the process");
  }
}

}  // namespace

Napi::Value MapMemory(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::uint64_t length = args::Uint53(info[1], "length");
  if (length == 0) args::Refuse("length", "at least 1");
  Environment& environment = Environment::Of(info.Env());
  const std::string subject = "map of file descriptor " + std::to_string(fd);
  CheckMappable(fd, subject);

  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t mapped = (length + page - 1) / page * page;
  bool readonly = false;
  void* base = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED && (errno == EPERM || errno == EACCES)) {
    // A frozen map: the kernel decides, not the section's name.
    readonly = true;
    base = mmap(nullptr, mapped, PROT_READ, MAP_SHARED, fd, 0);
  }
  if (base == MAP_FAILED) throw BpfFailure("mmap", errno, subject, std::to_string(length) + " bytes");

  auto* const region = new (std::nothrow) MappedRegion(environment, base, length, mapped);
  if (region == nullptr) {
    munmap(base, mapped);
    throw std::bad_alloc();
  }
  Napi::Object mapping = Napi::Object::New(info.Env());
  mapping.Set("buffer", region->MakeBuffer(info.Env()));
  mapping.Set("readonly", readonly);
  return mapping;
}

Napi::Value DetachBuffer(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) args::Refuse("buffer", "an ArrayBuffer");
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  if (buffer.IsDetached()) return info.Env().Undefined();
  Environment& environment = Environment::Of(info.Env());
  const auto region = environment.regions.find(buffer.Data());
  if (napi_detach_arraybuffer(info.Env(), buffer) != napi_ok) {
    args::Refuse("buffer", "an ArrayBuffer that can be detached");
  }
  if (region != environment.regions.end()) region->second->BufferDetached();
  return info.Env().Undefined();
}

}  // namespace subskel
