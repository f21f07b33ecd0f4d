#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "util/unique_fd.h"

namespace subskel {

/// Owns one attachment: a bpf_link of libbpf's, or the descriptor of a link that libbpf did not make (opened
/// by its pin, its id, or made by bpf_link_create).
class LinkHandle {
 public:
  enum class Made { kOther, kStructOps };

  LinkHandle(bpf_link* link, Made made) noexcept;
  explicit LinkHandle(UniqueFd fd, std::string pin_path = {}) noexcept
      : fd_(std::move(fd)), pin_path_(std::move(pin_path)) {}
  ~LinkHandle() { Destroy(); }
  LinkHandle(const LinkHandle&) = delete;
  LinkHandle& operator=(const LinkHandle&) = delete;

  bool destroyed() const noexcept { return link_ == nullptr && !fd_; }
  /// -1 where the kernel has no link behind the attachment, and once destroyed.
  int fd() const noexcept;
  bool struct_ops() const noexcept { return struct_ops_; }
  bpf_link* libbpf() const noexcept { return link_; }

  /// Those answer as libbpf does: a negative errno for failure. fd() must not be -1.
  int Pin(const std::string& path);
  int Unpin();
  /// Where it was pinned through this handle, or opened from; '' where it was not.
  std::string pin_path() const;
  int Detach() const noexcept;
  /// bpf_link__destroy, or close: frees the link even where it answers a negative errno.
  int Destroy() noexcept;

 private:
  bpf_link* link_ = nullptr;
  UniqueFd fd_;
  bool struct_ops_ = false;
  /// Whether libbpf's descriptor is one of a link: it is the perf event's or the map's where kernels or maps
  /// have no links, and 0 where there are several behind it.
  bool has_fd_ = false;
  std::string pin_path_;
};

/// The links of one owner: of an object, or of a program without one.
class LinkSet {
 public:
  std::shared_ptr<LinkHandle> Add(bpf_link* link, LinkHandle::Made made = LinkHandle::Made::kOther);
  std::shared_ptr<LinkHandle> Add(UniqueFd fd);
  void Forget(const LinkHandle* link) noexcept;
  /// The last one first.
  void DestroyAll() noexcept;

 private:
  std::shared_ptr<LinkHandle> Keep(std::unique_ptr<LinkHandle> link);

  /// In the order of their making.
  std::map<std::uint64_t, std::shared_ptr<LinkHandle>> links_;
  std::map<const LinkHandle*, std::uint64_t> numbers_;
  std::uint64_t next_ = 0;
};

}  // namespace subskel
