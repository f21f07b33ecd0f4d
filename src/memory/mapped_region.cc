#include "memory/mapped_region.h"

#include <sys/mman.h>

#include <memory>
#include <utility>

#include "util/errors.h"

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

MappedRegion::~MappedRegion() {
  if (witness_ != nullptr) witness_->region = nullptr;
  if (unused_) {
    Release();
  } else if (mapped_ == 0) {
    // SAFETY: somebody may still use this memory. There is no other mapping to put in its place that the
    // owner would not unmap, so the owner stays for as long as the process does.
    (void)owner_.release();
  } else {
    // Somebody may still use this memory: give the kernel's map back, and leave zeros in its place.
    mmap(base_, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
         0);
  }
}

void MappedRegion::BufferDetaches(bool yes, bool lent) noexcept {
  detached_ = yes;
  lent_ = lent;
}

void MappedRegion::BufferDetached(napi_env env) {
  if (lent_) return;
  // The finalizer comes with a later turn of the event loop. Whoever opens and closes objects in a loop
  // would run out of mappings (vm.max_map_count), or of the owner's file descriptors, until then.
  //
  // SAFETY: nobody has the memory any more. JavaScript has only ever had views of this one buffer, and all of
  // them have length 0 now. Another thread can have it only from Node, which takes it from an array that a
  // user hands over: none was ever given out (`lent`), nor the buffer itself, so that it was not moved
  // either. Threads that share the section or the map have mappings of their own. V8 does not touch the
  // memory of a backing store that is not its own. The next mapping can lie at the same address: so Forget()
  // comes first, and the finalizer, which is still to come, does nothing about it.
  //
  // Who replaces DataView.prototype.getInt8 or Atomics.load gets hold of an array that was not given out, and
  // can give it to another thread. The finalizer would not wait for that one either.
  Forget();
  Release();
  // The loop would keep the witness of every round, too.
  DeleteReferences(env);
}

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
  buffer_ = nullptr;
  witness_buffer_ = nullptr;
}

/// Gives the memory back; twice is fine.
void MappedRegion::Release() noexcept {
  if (released_) return;
  released_ = true;
  if (mapped_ == 0) {
    owner_.reset();
  } else {
    munmap(base_, mapped_);
  }
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

}  // namespace subskel
