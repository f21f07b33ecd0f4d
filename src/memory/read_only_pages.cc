#include "memory/read_only_pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "util/args.h"

namespace subskel {

namespace {

template <typename Word>
bool CopyWord(const std::uint8_t*& from, std::uint8_t*& to, std::size_t& size) noexcept {
  if (size < sizeof(Word) || reinterpret_cast<std::uintptr_t>(from) % sizeof(Word) != 0) return false;
  const Word word = __atomic_load_n(reinterpret_cast<const Word*>(from), __ATOMIC_RELAXED);
  std::memcpy(to, &word, sizeof word);
  from += sizeof word;
  to += sizeof word;
  size -= sizeof word;
  return true;
}

/// The kernel may write meanwhile: an aligned word is read by one load, never half old and half new.
void CopyWords(const std::uint8_t* from, std::uint8_t* to, std::size_t size) noexcept {
  while (size > 0) {
    if (CopyWord<std::uint64_t>(from, to, size)) continue;
    if (CopyWord<std::uint32_t>(from, to, size)) continue;
    if (CopyWord<std::uint16_t>(from, to, size)) continue;
    CopyWord<std::uint8_t>(from, to, size);
  }
}

}  // namespace

std::vector<napi_property_descriptor> ReadOnlyPages::Properties() {
  return {Method<&ReadOnlyPages::Copy>("copy"), Method<&ReadOnlyPages::Close>("close")};
}

Napi::Value ReadOnlyPages::Wrap(Napi::Env env, void* base, std::size_t length, std::size_t mapped) {
  std::unique_ptr<ReadOnlyPages> pages(new (std::nothrow) ReadOnlyPages(base, length, mapped));
  if (pages == nullptr) {
    munmap(base, mapped);
    throw std::bad_alloc();
  }
  return Adopt(env, std::move(pages));
}

void ReadOnlyPages::Copy(const Napi::CallbackInfo& info) {
  const std::uint64_t offset = args::Uint53(info[0], "offset");
  const args::Bytes to = args::ByteArray(info[1], "to");
  if (base_ == nullptr) throw ClosedFailure("read-only memory", "this memory is unmapped");
  if (offset > length_ || to.size > length_ - offset) args::Refuse("offset", "inside the memory");
  CopyWords(base_ + offset, to.data, to.size);
}

void ReadOnlyPages::Close(const Napi::CallbackInfo& info) {
  Unmap();
}

// SAFETY: nothing else has the address.
void ReadOnlyPages::Unmap() noexcept {
  if (base_ != nullptr) munmap(const_cast<std::uint8_t*>(std::exchange(base_, nullptr)), mapped_);
}

}  // namespace subskel
