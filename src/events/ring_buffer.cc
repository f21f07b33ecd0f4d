#include "events/ring_buffer.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "map/map_claim.h"
#include "util/args.h"
#include "util/call.h"
#include "util/map_info.h"
#include "util/result.h"
#include "util/shared_memory.h"

namespace subskel {

namespace {

/// Records are taken from the pages; libbpf is asked to wait and to tell positions only.
int NeverCalled(void*, void*, size_t) {
  return 0;
}

constexpr std::uint64_t kLargest = 1u << 30;

}  // namespace

struct RingBuffer::Ring {
  UniqueFd fd;
  std::string subject;
  std::uint32_t map = 0;
  /// Taken with the first records: readers that nobody reads from disturb nobody.
  MapClaim claim;
  std::shared_ptr<RingPages> pages;
  RecordIndex index;
  /// Weak: the one that JavaScript has.
  Napi::Reference<Napi::ArrayBuffer> buffer;
};

std::vector<napi_property_descriptor> RingBuffer::Properties() {
  return {
      Method<&RingBuffer::Add>("add"),
      Method<&RingBuffer::Memory>("memory"),
      Method<&RingBuffer::Index>("index"),
      Method<&RingBuffer::Take>("take"),
      Method<&RingBuffer::Release>("release"),
      Method<&RingBuffer::ReleaseAll>("releaseAll"),
      Method<&RingBuffer::Copy>("copy"),
      Method<&RingBuffer::State>("state"),
      Method<&RingBuffer::Watch>("watch"),
      Method<&RingBuffer::Spin>("spin"),
      Method<&RingBuffer::Reference>("reference"),
      Method<&RingBuffer::Close>("close"),
  };
}

Napi::Value RingBuffer::New(const Napi::CallbackInfo& info) {
  return Adopt(info.Env(), std::make_unique<RingBuffer>());
}

RingBuffer::~RingBuffer() {
  EndWatch();
  // SAFETY: unmaps libbpf's mappings, which nobody else reads. Ours goes with the last buffer over it.
  ring_buffer__free(reader_);
}

RingBuffer::Ring& RingBuffer::RingAt(const Napi::Value& number) {
  if (closed_) throw ClosedFailure("ring buffer", "the ring buffer reader is closed");
  const std::uint32_t at = args::Uint32(number, "ring");
  if (at >= rings_.size()) args::Refuse("ring", "the number of a ring");
  return *rings_[at];
}

Napi::Value RingBuffer::Add(const Napi::CallbackInfo& info) {
  if (closed_) throw ClosedFailure("ring buffer", "the ring buffer reader is closed");
  const int given = args::FileDescriptor(info[0], "fd");
  auto ring = std::make_unique<Ring>();
  ring->subject = "map '" + args::Text(info[1], "name") + "'";
  ring->fd = UniqueFd::Duplicate(given, ring->subject);
  const int fd = ring->fd.get();
  const bpf_map_info map = MapInfo(fd, ring->subject);
  if (map.type != BPF_MAP_TYPE_RINGBUF) {
    throw BpfFailure("ring_buffer__add", EINVAL, ring->subject, "it is no ring buffer");
  }
  if (map.max_entries > kLargest) {
    throw UnsupportedFailure("ring_buffer__add", ring->subject,
                             ring->subject + ": rings of more than 1 GiB cannot be read from JavaScript");
  }
  for (const std::unique_ptr<Ring>& other : rings_) {
    if (other->map == map.id) throw BusyFailure(ring->subject, ring->subject + " is in this reader already");
  }
  ring->map = map.id;
  ring->pages = std::make_shared<RingPages>(fd, map.max_entries, ring->subject);
  ring->index = MakeRecordIndex(RingPages::kIndexRecords);
  rings_.reserve(rings_.size() + 1);
  if (reader_ == nullptr) {
    reader_ = CallPointer(info.Env(), "ring_buffer__new", ring->subject, ring_buffer__new, fd, NeverCalled,
                          nullptr, nullptr);
  } else {
    CallInt(info.Env(), "ring_buffer__add", ring->subject, ring_buffer__add, reader_, fd, NeverCalled,
            nullptr);
  }
  rings_.push_back(std::move(ring));
  return Napi::Number::New(info.Env(), static_cast<double>(rings_.size() - 1));
}

Napi::Value RingBuffer::Memory(const Napi::CallbackInfo& info) {
  Ring& ring = RingAt(info[0]);
  if (!ring.buffer.IsEmpty() && !ring.buffer.Value().IsEmpty()) return ring.buffer.Value();
  // SAFETY: the pages are PROT_READ: a write through this buffer would end the process. It never leaves the
  // compiled record classes of lib/events, which index into it and do nothing else.
  const Napi::ArrayBuffer buffer =
      MakeSharedBuffer(info.Env(), ring.pages, ring.pages->data(), 2 * ring.pages->size());
  ring.buffer = Napi::Weak(buffer);
  return buffer;
}

Napi::Value RingBuffer::Index(const Napi::CallbackInfo& info) {
  Ring& ring = RingAt(info[0]);
  return MakeSharedBuffer(info.Env(), ring.index, ring.index.get(),
                          2 * sizeof(std::uint32_t) * RingPages::kIndexRecords);
}

Napi::Value RingBuffer::Take(const Napi::CallbackInfo& info) {
  Ring& ring = RingAt(info[0]);
  ring.claim.Take(ring.map, ring.subject,
                  "is being read by another reader of this process: a ring buffer has one");
  if (ring.pages->outstanding()) {
    throw BusyFailure(ring.subject, ring.subject + ": the records taken before are still in use");
  }
  const RingPages::Taken taken = ring.pages->Take(ring.index.get());
  const auto count = static_cast<double>(taken.count);
  return Napi::Number::New(info.Env(), taken.even ? -count : count);
}

void RingBuffer::Release(const Napi::CallbackInfo& info) {
  RingPages& pages = *RingAt(info[0]).pages;
  const std::uint32_t count = args::Uint32(info[1], "count");
  const bool last = args::Boolean(info[2], "last");
  pages.Release(count);
  if (last) pages.PutBack();
}

void RingBuffer::ReleaseAll(const Napi::CallbackInfo& info) {
  RingPages& pages = *RingAt(info[0]).pages;
  if (pages.outstanding()) pages.ReleaseAll();
}

void RingBuffer::Copy(const Napi::CallbackInfo& info) {
  const RingPages& pages = *RingAt(info[0]).pages;
  const std::uint32_t offset = args::Uint32(info[1], "offset");
  const args::Bytes to = args::ByteArray(info[2], "to");
  if (offset + static_cast<std::uint64_t>(to.size) > 2 * pages.size())
    args::Refuse("offset", "inside the ring");
  if (to.size > 0) std::memcpy(to.data, pages.data() + offset, to.size);
}

Napi::Value RingBuffer::State(const Napi::CallbackInfo& info) {
  RingAt(info[0]);
  const ring* const handle = ring_buffer__ring(reader_, args::Uint32(info[0], "ring"));
  Result state(info.Env());
  state.Put("size", static_cast<double>(ring__size(handle)));
  state.Put("available", static_cast<double>(ring__avail_data_size(handle)));
  state.Put("consumerPosition", static_cast<double>(ring__consumer_pos(handle)));
  state.Put("producerPosition", static_cast<double>(ring__producer_pos(handle)));
  return state;
}

int RingBuffer::WatchedFd() const {
  if (closed_ || reader_ == nullptr) throw ClosedFailure("ring buffer", "the ring buffer reader is closed");
  return ring_buffer__epoll_fd(reader_);
}

void RingBuffer::Close(const Napi::CallbackInfo& info) {
  if (std::exchange(closed_, true)) return;
  EndWatch();
  ForgetCallback();
  ring_buffer__free(std::exchange(reader_, nullptr));
  // SAFETY: the buffers over the pages keep the addresses; see RingPages::Leave.
  for (const std::unique_ptr<Ring>& ring : rings_) ring->pages->Leave();
  rings_.clear();
}

bool RingBuffer::HasData() const noexcept {
  for (const std::unique_ptr<Ring>& ring : rings_) {
    if (ring->pages->HasData()) return true;
  }
  return false;
}

}  // namespace subskel
