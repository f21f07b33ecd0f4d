#include "map/map_handle.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>

#include "kernel/possible_cpus.h"
#include "util/errors.h"
#include "util/fd_kind.h"
#include "util/map_info.h"

namespace subskel {

namespace {

std::size_t RoundUp(std::size_t size) {
  return (size + 7) & ~static_cast<std::size_t>(7);
}

bool IsPerCpu(std::uint32_t type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

}  // namespace

MapHandle::MapHandle(UniqueFd fd, std::string subject) : fd_(std::move(fd)), subject_(std::move(subject)) {
  // The kernel would answer for a program's descriptor too, with other bytes.
  CheckKind(fd_.get(), FdKind::kMap, subject_);
  const bpf_map_info info = MapInfo(fd_.get(), subject_);
  id_ = info.id;
  type_ = info.type;
  key_size_ = info.key_size;
  value_offset_ = kKeyOffset + RoundUp(info.key_size);
  value_size_ = info.value_size;
  if (IsPerCpu(info.type)) {
    const int cpus = PossibleCpus();
    if (cpus < 0) throw BpfFailure("libbpf_num_possible_cpus", -cpus, subject_);
    value_size_ = RoundUp(info.value_size) * static_cast<std::size_t>(cpus);
  }
  memory_size_ = value_offset_ + RoundUp(value_size_) + 8;
  memory_ = std::shared_ptr<std::uint8_t[]>(new std::uint8_t[memory_size_]());
}

int MapHandle::LiveFd() const {
  if (!fd_) throw ClosedFailure(subject_, subject_ + " is closed");
  return fd_.get();
}

int MapHandle::GivenFd() {
  if (!fd_) return -1;
  if (!given_) given_ = UniqueFd::Duplicate(fd_.get(), subject_);
  return given_.get();
}

void MapHandle::Close() noexcept {
  fd_.Close();
  if (!given_) return;
  // Closed by whoever got it, the number may be anybody's by now.
  bpf_map_info info = {};
  __u32 length = sizeof info;
  const bool ours = KindOf(given_.get()) == FdKind::kMap &&
                    bpf_map_get_info_by_fd(given_.get(), &info, &length) == 0 && info.id == id_;
  if (ours) {
    given_.Close();
  } else {
    (void)given_.Release();
  }
}

void MapHandle::Run() noexcept {
  // SAFETY: the memory begins with a Control, and is aligned for it, as everything from new[] is.
  auto& control = *reinterpret_cast<Control*>(memory_.get());
  control.error = fd_ ? -Perform(control) : kClosed;
}

int MapHandle::Perform(const Control& control) const noexcept {
  const int fd = fd_.get();
  void* const key = key_size_ == 0 ? nullptr : memory_.get() + kKeyOffset;
  void* const value = memory_.get() + value_offset_;
  int result = -EINVAL;
  switch (control.operation) {
    case Operation::kLookup:
      result = bpf_map_lookup_elem_flags(fd, key, value, control.flags);
      break;
    case Operation::kUpdate:
      result = bpf_map_update_elem(fd, key, value, control.flags);
      break;
    case Operation::kDelete:
      result = bpf_map_delete_elem_flags(fd, key, control.flags);
      break;
    case Operation::kTake:
      result = bpf_map_lookup_and_delete_elem_flags(fd, key, value, control.flags);
      break;
    case Operation::kFirstKey:
    case Operation::kNextKey:
      if (key == nullptr) return -ENOTSUP;
      // The kernel reads the key before it writes the next one: both may be the same memory.
      result = bpf_map_get_next_key(fd, control.operation == Operation::kFirstKey ? nullptr : key, key);
      break;
  }
  return result < 0 ? result : 0;
}

}  // namespace subskel
