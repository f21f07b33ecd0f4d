#include "events/user_ring_buffer.h"

#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "util/args.h"
#include "util/call.h"
#include "util/map_info.h"

namespace subskel {

std::vector<napi_property_descriptor> UserRingBuffer::Properties() {
  return {
      Method<&UserRingBuffer::Reserve>("reserve"), Method<&UserRingBuffer::Submit>("submit"),
      Method<&UserRingBuffer::Discard>("discard"), Method<&UserRingBuffer::Send>("send"),
      Method<&UserRingBuffer::Watch>("watch"),     Method<&UserRingBuffer::Close>("close"),
      Getter<&UserRingBuffer::Closed>("closed"),
  };
}

Napi::Value UserRingBuffer::New(const Napi::CallbackInfo& info) {
  const int given = args::FileDescriptor(info[0], "fd");
  auto self = std::make_unique<UserRingBuffer>();
  self->subject_ = "map '" + args::Text(info[1], "name") + "'";
  self->fd_ = UniqueFd::Duplicate(given, self->subject_);
  const int fd = self->fd_.get();
  const bpf_map_info map = MapInfo(fd, self->subject_);
  // Others are libbpf's to refuse.
  if (map.type == BPF_MAP_TYPE_USER_RINGBUF) {
    self->claim_.Take(
        map.id, self->subject_,
        "is being written by another user ring buffer of this process: it has one producer, and two "
        "would write over each other's samples");
  }
  self->ring_ =
      CallPointer(info.Env(), "user_ring_buffer__new", self->subject_, user_ring_buffer__new, fd, nullptr);
  self->epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  epoll_event event = {};
  event.events = EPOLLOUT | EPOLLET;
  if (self->epoll_.get() < 0 || epoll_ctl(self->epoll_.get(), EPOLL_CTL_ADD, fd, &event) < 0) {
    throw BpfFailure("epoll_ctl", errno, self->subject_);
  }
  return Adopt(info.Env(), std::move(self));
}

UserRingBuffer::~UserRingBuffer() {
  Free();
}

void UserRingBuffer::Free() noexcept {
  if (watch_ != nullptr) std::exchange(watch_, nullptr)->Close();
  if (ring_ == nullptr) return;
  // What is reserved for good would stop the kernel from reading anything behind it.
  for (const auto& [number, sample] : samples_) user_ring_buffer__discard(ring_, sample.data);
  samples_.clear();
  user_ring_buffer__free(std::exchange(ring_, nullptr));
  epoll_.Close();
  claim_.Give();
  fd_.Close();
}

user_ring_buffer* UserRingBuffer::Live() const {
  if (ring_ == nullptr) throw ClosedFailure(subject_, "the user ring buffer of " + subject_ + " is closed");
  return ring_;
}

/// Null where the ring is full.
void* UserRingBuffer::Room(std::uint32_t size) const {
  void* const data = user_ring_buffer__reserve(Live(), size);
  if (data == nullptr && errno != ENOSPC) throw BpfFailure("user_ring_buffer__reserve", errno, subject_);
  return data;
}

Napi::Value UserRingBuffer::Reserve(const Napi::CallbackInfo& info) {
  const std::uint32_t size = args::Uint32(info[0], "size");
  void* const data = Room(size);
  if (data == nullptr) return Napi::Number::New(info.Env(), 0);
  // The memory is what an earlier sample left.
  std::memset(data, 0, size);
  std::uint32_t number = next_++;
  while (number == 0 || samples_.count(number) != 0) number = next_++;
  samples_.emplace(number, Sample{data, size});
  return Napi::Number::New(info.Env(), number);
}

UserRingBuffer::Sample UserRingBuffer::TakeSample(const Napi::Value& number) {
  Live();
  const auto found = samples_.find(args::Uint32(number, "sample"));
  if (found == samples_.end()) throw ArgumentFailure("the sample was submitted or discarded already");
  const Sample sample = found->second;
  samples_.erase(found);
  return sample;
}

void UserRingBuffer::Submit(const Napi::CallbackInfo& info) {
  const args::Bytes bytes = args::ByteArray(info[1], "bytes");
  const Sample sample = TakeSample(info[0]);
  if (bytes.size != sample.size) {
    user_ring_buffer__discard(ring_, sample.data);
    throw ArgumentFailure("the sample has " + std::to_string(sample.size) + " bytes, not " +
                          std::to_string(bytes.size));
  }
  // SAFETY: the sample lies in libbpf's mapping, in one piece: the data pages are mapped twice in a row.
  if (bytes.size > 0) std::memcpy(sample.data, bytes.data, bytes.size);
  user_ring_buffer__submit(ring_, sample.data);
}

Napi::Value UserRingBuffer::Send(const Napi::CallbackInfo& info) {
  const args::Bytes bytes = args::ByteArray(info[0], "bytes");
  if (bytes.size > UINT32_MAX) args::Refuse("bytes", "at most 4 GiB long");
  void* const data = Room(static_cast<std::uint32_t>(bytes.size));
  if (data == nullptr) return Napi::Boolean::New(info.Env(), false);
  // SAFETY: as in Submit().
  if (bytes.size > 0) std::memcpy(data, bytes.data, bytes.size);
  user_ring_buffer__submit(ring_, data);
  return Napi::Boolean::New(info.Env(), true);
}

void UserRingBuffer::Discard(const Napi::CallbackInfo& info) {
  const Sample sample = TakeSample(info[0]);
  user_ring_buffer__discard(ring_, sample.data);
}

void UserRingBuffer::Watch(const Napi::CallbackInfo& info) {
  Live();
  if (info[0].IsFunction()) {
    if (watch_ == nullptr) watch_ = UvWatch::Open(info.Env(), epoll_.get(), this);
    callback_.Keep(info[0].As<Napi::Function>());
    watch_->Set(UvWatch::Mode::kPoll);
  } else {
    callback_.Reset();
    if (watch_ != nullptr) watch_->Set(UvWatch::Mode::kStopped);
  }
}

void UserRingBuffer::OnReadable() noexcept {
  // Takes the edge away, which would be reported for ever.
  epoll_event event;
  epoll_wait(epoll_.get(), &event, 1, 0);
  if (!callback_.empty()) callback_.Call();
}

void UserRingBuffer::Close(const Napi::CallbackInfo& info) {
  Free();
  callback_.Reset();
}

}  // namespace subskel
