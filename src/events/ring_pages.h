#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace subskel {

/// The pages of one BPF_MAP_TYPE_RINGBUF map: its positions, and its data twice in a row, so that a record
/// that wraps around is in one piece. The mapping is our own: libbpf does not show its.
///
/// libbpf's ring_buffer__consume gives records to a callback one by one and moves the consumer position after
/// each, so that they would have to be copied before JavaScript sees them. Here records are taken many at
/// once, read in place, and given back to the kernel when JavaScript is done with them. Otherwise it is
/// libbpf's protocol.
class RingPages {
 public:
  static constexpr std::uint32_t kIndexRecords = 2048;

  /// Maps the ring of `fd`. Throws a Failure.
  RingPages(int fd, std::size_t size, const std::string& subject);
  ~RingPages();
  RingPages(const RingPages&) = delete;
  RingPages& operator=(const RingPages&) = delete;

  /// Gives the kernel's map back, and leaves zeros in the place of its data: buffers over it may still exist,
  /// though nothing reads them. (Detaching those would make V8 check every access to every TypedArray of the
  /// process from then on.) Twice is fine.
  void Leave() noexcept;

  struct Taken {
    std::uint32_t count;
    /// All are of one length, one right after the other: `index` has only the first one.
    bool even;
  };

  /// Takes committed records, and puts the offset and length of each of up to kIndexRecords into `index`.
  /// Throws a Failure where the positions make no sense: somebody else writes them.
  Taken Take(std::uint32_t* index);
  /// Gives the first `count` of the records that are taken back to the kernel, which may overwrite them from
  /// then on.
  void Release(std::uint32_t count);
  void ReleaseAll();
  /// The records that were not released can be taken again.
  void PutBack() noexcept { taken_ = released_; }
  bool outstanding() const noexcept { return taken_ != released_; }

  bool HasData() const noexcept;
  std::uint64_t consumer() const noexcept { return __atomic_load_n(consumer_, __ATOMIC_ACQUIRE); }
  std::uint64_t producer() const noexcept { return __atomic_load_n(producer_, __ATOMIC_ACQUIRE); }
  std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  /// Those before `end`: none where the first ones were discarded, which are `outstanding()` then.
  Taken TakeUpTo(std::uint64_t end, std::uint32_t* index);
  std::uint32_t CountEven(std::uint64_t start, std::uint64_t end, std::uint32_t header) const noexcept;
  std::uint32_t TakeEach(std::uint64_t start, std::uint64_t end, std::uint32_t* index);
  void StoreConsumer(std::uint64_t position);

  const std::string subject_;
  const std::size_t page_;
  const std::size_t size_;
  std::uint64_t* consumer_ = nullptr;
  const std::uint64_t* producer_ = nullptr;
  std::uint8_t* data_ = nullptr;
  /// Positions: JavaScript has the records from released_ to taken_.
  std::uint64_t released_ = 0;
  std::uint64_t taken_ = 0;
  /// Of the records that are taken, where they are even: what each one takes. 0 otherwise.
  std::uint64_t extent_ = 0;
};

}  // namespace subskel
