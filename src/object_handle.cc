#include "object_handle.h"

#include <utility>

#include "util/errors.h"

namespace subskel {

int LinkHandle::Destroy() noexcept {
  return bpf_link__destroy(std::exchange(link_, nullptr));
}

bpf_object* ObjectHandle::Get(const std::string& subject) const {
  if (object_ == nullptr) throw ClosedFailure(subject, subject + ": object '" + name_ + "' is closed");
  return object_.get();
}

void ObjectHandle::Close() noexcept {
  for (auto link = links_.rbegin(); link != links_.rend(); ++link) link->second->Destroy();
  links_.clear();
  link_numbers_.clear();
  // SAFETY: every bpf_map and bpf_program pointer dies here; whoever holds one asks Get() before using it.
  object_.reset();
}

std::shared_ptr<LinkHandle> ObjectHandle::AddLink(bpf_link* link) {
  std::unique_ptr<LinkHandle> owned(new (std::nothrow) LinkHandle(link));
  if (owned == nullptr) {
    bpf_link__destroy(link);
    throw std::bad_alloc();
  }
  std::shared_ptr<LinkHandle> handle(std::move(owned));
  link_numbers_.emplace(handle.get(), next_link_);
  links_.emplace(next_link_++, handle);
  return handle;
}

void ObjectHandle::ForgetLink(const LinkHandle* link) noexcept {
  const auto number = link_numbers_.find(link);
  if (number == link_numbers_.end()) return;
  links_.erase(number->second);
  link_numbers_.erase(number);
}

}  // namespace subskel
