#include "link/link_handle.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <new>
#include <utility>

#include "util/fd_kind.h"

namespace subskel {

LinkHandle::LinkHandle(bpf_link* link, Made made) noexcept
    : link_(link),
      struct_ops_(made == Made::kStructOps),
      // libbpf's own are never 0, 1 or 2: 0 is what a USDT link has that is several.
      has_fd_(bpf_link__fd(link) > 2 && KindOf(bpf_link__fd(link)) == FdKind::kLink) {}

int LinkHandle::fd() const noexcept {
  if (link_ != nullptr) return has_fd_ ? bpf_link__fd(link_) : -1;
  return fd_.get();
}

int LinkHandle::Pin(const std::string& path) {
  if (link_ != nullptr) return bpf_link__pin(link_, path.c_str());
  if (!pin_path_.empty()) return -EBUSY;
  std::string kept = path;
  const int result = bpf_obj_pin(fd_.get(), path.c_str());
  if (result == 0) pin_path_ = std::move(kept);
  return result;
}

int LinkHandle::Unpin() {
  if (link_ != nullptr) return bpf_link__unpin(link_);
  if (pin_path_.empty()) return -EINVAL;
  if (unlink(pin_path_.c_str()) != 0) return -errno;
  pin_path_.clear();
  return 0;
}

std::string LinkHandle::pin_path() const {
  if (link_ == nullptr) return pin_path_;
  const char* const path = bpf_link__pin_path(link_);
  return path == nullptr ? "" : path;
}

int LinkHandle::Detach() const noexcept {
  return bpf_link_detach(fd());
}

int LinkHandle::Destroy() noexcept {
  fd_.Close();
  pin_path_.clear();
  return bpf_link__destroy(std::exchange(link_, nullptr));
}

std::shared_ptr<LinkHandle> LinkSet::Add(bpf_link* link, LinkHandle::Made made) {
  // SAFETY: `link` has no owner before this; it must not be lost where there is no memory for one.
  std::unique_ptr<LinkHandle> owned(new (std::nothrow) LinkHandle(link, made));
  if (owned == nullptr) {
    bpf_link__destroy(link);
    throw std::bad_alloc();
  }
  return Keep(std::move(owned));
}

std::shared_ptr<LinkHandle> LinkSet::Add(UniqueFd fd) {
  return Keep(std::make_unique<LinkHandle>(std::move(fd)));
}

std::shared_ptr<LinkHandle> LinkSet::Keep(std::unique_ptr<LinkHandle> link) {
  std::shared_ptr<LinkHandle> handle(std::move(link));
  numbers_.emplace(handle.get(), next_);
  links_.emplace(next_++, handle);
  return handle;
}

void LinkSet::Forget(const LinkHandle* link) noexcept {
  const auto number = numbers_.find(link);
  if (number == numbers_.end()) return;
  links_.erase(number->second);
  numbers_.erase(number);
}

void LinkSet::DestroyAll() noexcept {
  for (auto link = links_.rbegin(); link != links_.rend(); ++link) link->second->Destroy();
  links_.clear();
  numbers_.clear();
}

}  // namespace subskel
