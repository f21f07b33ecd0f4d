#include "events/ring_pages.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "util/errors.h"

namespace subskel {

namespace {

/// How much is taken at once: what stays in the cache between our walk over it and JavaScript's.
constexpr std::uint64_t kTakenBytes = 256 << 10;

/// How far ahead of the record at hand memory is fetched.
constexpr std::uint64_t kAhead = 1024;

/// So many records of one length make a batch of their own, though others follow.
constexpr std::uint32_t kEvenRecords = 256;

constexpr std::uint32_t kFlags = BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT;

/// A record with its header, rounded up as the kernel does.
std::uint64_t Extent(std::uint32_t header) noexcept {
  return (static_cast<std::uint64_t>(header & ~kFlags) + BPF_RINGBUF_HDR_SZ + 7) & ~std::uint64_t{7};
}

std::uint32_t HeaderAt(const std::uint8_t* record) noexcept {
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(record), __ATOMIC_ACQUIRE);
}

}  // namespace

RingPages::RingPages(int fd, std::size_t size, const std::string& subject)
    : subject_(subject), page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))), size_(size) {
  void* const consumer = mmap(nullptr, page_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (consumer == MAP_FAILED) throw BpfFailure("mmap", errno, subject);
  void* const producer =
      mmap(nullptr, page_ + 2 * size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(page_));
  if (producer == MAP_FAILED) {
    const int error = errno;
    munmap(consumer, page_);
    throw BpfFailure("mmap", error, subject);
  }
  consumer_ = static_cast<std::uint64_t*>(consumer);
  producer_ = static_cast<const std::uint64_t*>(producer);
  data_ = static_cast<std::uint8_t*>(producer) + page_;
}

RingPages::~RingPages() {
  if (consumer_ != nullptr) munmap(consumer_, page_);
  // SAFETY: the last buffer over the data is gone.
  munmap(data_ - page_, page_ + 2 * size_);
}

void RingPages::Leave() noexcept {
  if (consumer_ == nullptr) return;
  munmap(std::exchange(consumer_, nullptr), page_);
  // Never fails: it only takes away. Whatever it did, the range stays ours.
  mmap(data_ - page_, page_ + 2 * size_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
       -1, 0);
}

bool RingPages::HasData() const noexcept {
  const std::uint64_t position = consumer();
  if (position >= producer()) return false;
  return (HeaderAt(data_ + (position & (size_ - 8))) & BPF_RINGBUF_BUSY_BIT) == 0;
}

RingPages::Taken RingPages::Take(std::uint32_t* index) {
  const std::uint64_t end = producer();
  for (;;) {
    const Taken taken = TakeUpTo(end, index);
    if (taken.count > 0 || !outstanding()) return taken;
    // What was discarded is of interest to nobody, and must not hide what lies behind it.
    ReleaseAll();
  }
}

RingPages::Taken RingPages::TakeUpTo(std::uint64_t end, std::uint32_t* index) {
  const std::uint64_t start = consumer();
  // The consumer page is writable for everybody who has the map. Whatever stands there, we stay inside the
  // data.
  if ((start & 7) != 0 || end - start > size_) {
    throw BusyFailure(subject_, subject_ +
                                    ": its consumer position is not where a record starts: somebody else "
                                    "reads it, too, and a ring buffer has one reader");
  }
  released_ = taken_ = start;
  extent_ = 0;
  if (start == end) return {0, false};
  const std::uint64_t offset = start & (size_ - 1);
  const std::uint32_t header = HeaderAt(data_ + offset);
  const std::uint32_t even = CountEven(start, end, header);
  const std::uint64_t extent = Extent(header);
  if (even >= kEvenRecords || (even > 0 && even * extent == end - start)) {
    index[0] = static_cast<std::uint32_t>(offset + BPF_RINGBUF_HDR_SZ);
    index[1] = header;
    taken_ = start + even * extent;
    extent_ = extent;
    return {even, true};
  }
  return {TakeEach(start, end, index), false};
}

/// How many records begin with this same header, one right after the other. Where the next one starts does
/// not depend on what was loaded, so that the processor waits for many at once: half the time of TakeEach().
std::uint32_t RingPages::CountEven(std::uint64_t start, std::uint64_t end,
                                   std::uint32_t header) const noexcept {
  if ((header & kFlags) != 0) return 0;
  const std::uint64_t extent = Extent(header);
  const std::uint64_t most =
      std::min<std::uint64_t>(std::min(end - start, kTakenBytes) / extent, kIndexRecords);
  const std::uint8_t* at = data_ + (start & (size_ - 1));
  std::uint32_t count = 0;
  while (count < most && HeaderAt(at) == header) {
    // The processor does not look beyond a page by itself, and JavaScript reads all of it next.
    __builtin_prefetch(at + kAhead);
    at += extent;
    count++;
  }
  return count;
}

std::uint32_t RingPages::TakeEach(std::uint64_t start, std::uint64_t end, std::uint32_t* index) {
  std::uint64_t position = start;
  std::uint32_t count = 0;
  while (position < end && count < kIndexRecords && position - start < kTakenBytes) {
    const std::uint64_t offset = position & (size_ - 1);
    __builtin_prefetch(data_ + offset + kAhead);
    const std::uint32_t header = HeaderAt(data_ + offset);
    if ((header & BPF_RINGBUF_BUSY_BIT) != 0) break;
    const std::uint64_t extent = Extent(header);
    if (extent > end - position) {
      throw BusyFailure(subject_, subject_ +
                                      ": a record reaches beyond what was produced: somebody else reads it, "
                                      "too, and a ring buffer has one reader");
    }
    if ((header & BPF_RINGBUF_DISCARD_BIT) == 0) {
      index[std::size_t{2} * count] = static_cast<std::uint32_t>(offset + BPF_RINGBUF_HDR_SZ);
      index[std::size_t{2} * count + 1] = header;
      count++;
    }
    position += extent;
  }
  taken_ = position;
  return count;
}

void RingPages::Release(std::uint32_t count) {
  std::uint64_t position = released_;
  if (extent_ != 0) {
    position += count * extent_;
  } else {
    while (count > 0 && position < taken_) {
      const std::uint32_t header = HeaderAt(data_ + (position & (size_ - 1)));
      if ((header & BPF_RINGBUF_DISCARD_BIT) == 0) count--;
      position += Extent(header);
    }
  }
  StoreConsumer(std::min(position, taken_));
}

void RingPages::ReleaseAll() {
  StoreConsumer(taken_);
}

void RingPages::StoreConsumer(std::uint64_t position) {
  const std::uint64_t before = released_;
  released_ = position;
  if (consumer() != before) {
    taken_ = released_;
    throw BusyFailure(subject_, subject_ +
                                    ": somebody else has read it meanwhile, so that records were given out "
                                    "twice: a ring buffer has one reader");
  }
  __atomic_store_n(consumer_, position, __ATOMIC_RELEASE);
}

}  // namespace subskel
