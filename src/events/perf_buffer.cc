#include "events/perf_buffer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "util/args.h"
#include "util/call.h"
#include "util/map_info.h"
#include "util/result.h"
#include "util/shared_memory.h"

namespace subskel {

namespace {

constexpr std::uint32_t kRecords = 2048;
/// A perf record has at most 64 KiB; once less than that is left, no more are taken.
constexpr std::size_t kLargest = 1 << 16;
constexpr std::size_t kStage = (128 << 10) + kLargest;

/// PERF_RECORD_SAMPLE with PERF_SAMPLE_RAW.
struct Sample {
  perf_event_header header;
  std::uint32_t size;
  std::uint8_t data[];
};

/// PERF_RECORD_LOST.
struct LostRecords {
  perf_event_header header;
  std::uint64_t id;
  std::uint64_t lost;
};

}  // namespace

/// The records of one CPU that were copied and not given out yet.
struct PerfBuffer::Stage {
  int cpu = 0;
  std::size_t buffer = 0;
  std::shared_ptr<std::uint8_t[]> memory{new std::uint8_t[kStage]()};
  RecordIndex index = MakeRecordIndex(kRecords);
  std::uint32_t count = 0;
  std::size_t end = 0;
  bool outstanding = false;
  /// Of the records given out: they stay in the index until the end.
  std::uint32_t released = 0;

  bool full() const { return count == kRecords || end + kLargest > kStage; }

  void Append(const std::uint8_t* data, std::size_t size) noexcept {
    std::memcpy(memory.get() + end, data, size);
    std::uint32_t* const entry = index.get() + std::size_t{2} * count;
    entry[0] = static_cast<std::uint32_t>(end);
    entry[1] = static_cast<std::uint32_t>(size);
    count++;
    end = (end + size + 7) & ~std::size_t{7};
  }

  /// The others move to the front of the index; their bytes stay where they are.
  void Drop(std::uint32_t records) noexcept {
    records = std::min(records, count);
    std::memmove(index.get(), index.get() + std::size_t{2} * records,
                 2 * sizeof(std::uint32_t) * (count - records));
    count -= records;
    if (count == 0) end = 0;
  }
};

std::vector<napi_property_descriptor> PerfBuffer::Properties() {
  return {
      Method<&PerfBuffer::Sources>("sources"),     Method<&PerfBuffer::Memory>("memory"),
      Method<&PerfBuffer::Index>("index"),         Method<&PerfBuffer::Take>("take"),
      Method<&PerfBuffer::Release>("release"),     Method<&PerfBuffer::ReleaseAll>("releaseAll"),
      Method<&PerfBuffer::Copy>("copy"),           Method<&PerfBuffer::Lost>("takeLost"),
      Method<&PerfBuffer::Watch>("watch"),         Method<&PerfBuffer::Spin>("spin"),
      Method<&PerfBuffer::Reference>("reference"), Method<&PerfBuffer::Close>("close"),
  };
}

Napi::Value PerfBuffer::New(const Napi::CallbackInfo& info) {
  const int given = args::FileDescriptor(info[0], "fd");
  const std::string subject = "map '" + args::Text(info[1], "name") + "'";
  const std::uint32_t pages = args::Uint32(info[2], "pages");
  const std::uint32_t wakeup_events = args::Uint32(info[3], "wakeupEvents");
  const std::uint32_t wakeup_bytes = args::Uint32(info[4], "wakeupBytes");
  auto self = std::make_unique<PerfBuffer>();
  self->subject_ = subject;
  self->fd_ = UniqueFd::Duplicate(given, subject);
  const bpf_map_info map = MapInfo(self->fd_.get(), subject);
  // Others are libbpf's to refuse.
  if (map.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY) {
    self->claim_.Take(
        map.id, subject,
        "is being read by another perf buffer of this process, which would get nothing any more: "
        "close that one first");
  }

  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_SW_BPF_OUTPUT;
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.sample_type = PERF_SAMPLE_RAW;
  attributes.sample_period = 1;
  if (wakeup_bytes > 0) {
    attributes.watermark = 1;
    attributes.wakeup_watermark = wakeup_bytes;
  } else {
    attributes.wakeup_events = wakeup_events;
  }
  // SAFETY: libbpf keeps the pointer as its callback's context; the reader is freed before this object goes.
  PerfBuffer* const context = self.get();
  self->reader_ = CallPointer(info.Env(), "perf_buffer__new_raw", subject, perf_buffer__new_raw,
                              self->fd_.get(), pages, &attributes, OnEvent, context, nullptr);
  const std::size_t buffers = perf_buffer__buffer_cnt(self->reader_);
  for (std::size_t i = 0; i < buffers; i++) {
    // CPUs that are offline have none.
    if (perf_buffer__buffer_fd(self->reader_, i) < 0) continue;
    auto stage = std::make_unique<Stage>();
    stage->buffer = i;
    stage->cpu = static_cast<int>(i);
    self->stages_.push_back(std::move(stage));
  }
  return Adopt(info.Env(), std::move(self));
}

PerfBuffer::~PerfBuffer() {
  EndWatch();
  perf_buffer__free(reader_);
}

// SAFETY: C frames of libbpf lie between here and our caller: nothing is thrown, nothing allocated, no
// JavaScript run.
bpf_perf_event_ret PerfBuffer::OnEvent(void* context, int cpu, perf_event_header* event) noexcept {
  auto* const self = static_cast<PerfBuffer*>(context);
  Stage* const stage = self->filling_;
  if (event->type == PERF_RECORD_LOST) {
    self->lost_ += static_cast<double>(reinterpret_cast<const LostRecords*>(event)->lost);
  } else if (event->type == PERF_RECORD_SAMPLE && stage != nullptr) {
    const auto* const sample = reinterpret_cast<const Sample*>(event);
    const std::size_t room = event->size < sizeof(Sample) ? 0 : event->size - sizeof(Sample);
    stage->cpu = cpu;
    stage->Append(sample->data, std::min<std::size_t>(sample->size, room));
    // Ends this call of libbpf's; the rest stays in the kernel.
    if (stage->full()) return LIBBPF_PERF_EVENT_DONE;
  }
  return LIBBPF_PERF_EVENT_CONT;
}

PerfBuffer::Stage& PerfBuffer::StageAt(const Napi::Value& number) {
  if (closed_) throw ClosedFailure("perf buffer", "the perf buffer reader is closed");
  const std::uint32_t at = args::Uint32(number, "source");
  if (at >= stages_.size()) args::Refuse("source", "the number of a source");
  return *stages_[at];
}

Napi::Value PerfBuffer::Sources(const Napi::CallbackInfo& info) {
  ResultList cpus(info.Env());
  for (const std::unique_ptr<Stage>& stage : stages_) cpus.Add(Napi::Number::New(info.Env(), stage->cpu));
  return cpus;
}

Napi::Value PerfBuffer::Memory(const Napi::CallbackInfo& info) {
  Stage& stage = StageAt(info[0]);
  return MakeSharedBuffer(info.Env(), stage.memory, stage.memory.get(), kStage);
}

Napi::Value PerfBuffer::Index(const Napi::CallbackInfo& info) {
  Stage& stage = StageAt(info[0]);
  return MakeSharedBuffer(info.Env(), stage.index, stage.index.get(), 2 * sizeof(std::uint32_t) * kRecords);
}

Napi::Value PerfBuffer::Take(const Napi::CallbackInfo& info) {
  Stage& stage = StageAt(info[0]);
  if (stage.outstanding) {
    throw BusyFailure(subject_, subject_ + ": the records taken before are still in use");
  }
  if (stage.count == 0) {
    filling_ = &stage;
    const int error = perf_buffer__consume_buffer(reader_, stage.buffer);
    filling_ = nullptr;
    if (error < 0) throw BpfFailure("perf_buffer__consume_buffer", -error, subject_);
  }
  stage.outstanding = stage.count > 0;
  return Napi::Number::New(info.Env(), stage.count);
}

void PerfBuffer::Release(const Napi::CallbackInfo& info) {
  Stage& stage = StageAt(info[0]);
  const std::uint32_t count = args::Uint32(info[1], "count");
  const bool last = args::Boolean(info[2], "last");
  // What is given out stays where the index says until the end: the index must not move under the reader.
  stage.released += count;
  if (last) {
    stage.Drop(stage.released);
    stage.released = 0;
    stage.outstanding = false;
  }
}

void PerfBuffer::ReleaseAll(const Napi::CallbackInfo& info) {
  Stage& stage = StageAt(info[0]);
  if (stage.outstanding) stage.Drop(stage.count);
  stage.released = 0;
  stage.outstanding = false;
}

void PerfBuffer::Copy(const Napi::CallbackInfo& info) {
  const Stage& stage = StageAt(info[0]);
  const std::uint32_t offset = args::Uint32(info[1], "offset");
  const args::Bytes to = args::ByteArray(info[2], "to");
  if (offset + to.size > kStage) args::Refuse("offset", "inside the buffer");
  if (to.size > 0) std::memcpy(to.data, stage.memory.get() + offset, to.size);
}

int PerfBuffer::WatchedFd() const {
  if (closed_) throw ClosedFailure("perf buffer", "the perf buffer reader is closed");
  return perf_buffer__epoll_fd(reader_);
}

void PerfBuffer::Close(const Napi::CallbackInfo& info) {
  if (std::exchange(closed_, true)) return;
  EndWatch();
  ForgetCallback();
  perf_buffer__free(std::exchange(reader_, nullptr));
  stages_.clear();
  claim_.Give();
  fd_.Close();
}

bool PerfBuffer::HasData() const noexcept {
  for (const std::unique_ptr<Stage>& stage : stages_) {
    if (stage->count > 0 && !stage->outstanding) return true;
    void* base = nullptr;
    std::size_t size = 0;
    if (perf_buffer__buffer(reader_, static_cast<int>(stage->buffer), &base, &size) != 0) continue;
    const auto* const page = static_cast<const perf_event_mmap_page*>(base);
    if (__atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE) != page->data_tail) return true;
  }
  return false;
}

}  // namespace subskel
