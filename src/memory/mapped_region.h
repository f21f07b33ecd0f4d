#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>

#include "util/environment.h"

namespace subskel {

/// One mapping, our own or a part of one that somebody else unmaps (libbpf's, of an arena). Owned by its
/// ArrayBuffer: deleted by the buffer's finalizers and by nothing else. The memory goes with it, or at once
/// where we have detached the buffer and nobody else can have had it.
///
/// There are two finalizers: that of the memory, and that of the JavaScript object. A detached buffer gives
/// up its memory at once, but a thread that Node has given it to (zlib, the file system) goes on reading; all
/// it keeps alive is the object. So memory that users have had arrays over stays for as long as that.
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

  ~MappedRegion();

  /// Gives the region away to its buffer.
  static Napi::Value MakeBuffer(Napi::Env env, std::unique_ptr<MappedRegion> region);
  /// Its buffer is about to be detached by us (or was not, after all): nobody can have moved the memory
  /// elsewhere. `lent`: users have had arrays over it, and another thread may be at work on one.
  void BufferDetaches(bool yes, bool lent) noexcept;
  /// It is detached, and was not finalized on the way: what was not lent goes at once.
  void BufferDetached(napi_env env);

 private:
  struct Witness {
    MappedRegion* region;
  };

  static void Finalize(napi_env env, void* base, void* hint);
  static void FinalizeObject(napi_env env, void* data, void* hint);
  static void FinalizeWitness(napi_env env, void* data, void* hint);
  void MakeWitness(Napi::Env env);
  void Forget() noexcept;
  void Release() noexcept;
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
  bool released_ = false;
};

}  // namespace subskel
