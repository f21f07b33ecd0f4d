#include "link/bpf_link.h"

#include <bpf/bpf.h>

#include <mutex>

#include "kernel/object_info.h"
#include "map/bpf_map.h"
#include "util/args.h"
#include "util/call.h"
#include "util/fd_kind.h"
#include "util/map_info.h"
#include "util/owned_fd.h"

namespace subskel {

namespace {

/// The id of the map that a link of a struct_ops map has now; 0 for every other link.
std::uint32_t StructOpsMapId(int link) {
  bpf_link_info info = {};
  __u32 length = sizeof info;
  const bool known = bpf_link_get_info_by_fd(link, &info, &length) == 0;
  return known && info.type == BPF_LINK_TYPE_STRUCT_OPS ? info.struct_ops.map_id : 0;
}

}  // namespace

std::vector<napi_property_descriptor> BpfLink::Properties() {
  return {
      Getter<&BpfLink::Fd>("fd"),
      Getter<&BpfLink::Destroyed>("destroyed"),
      Getter<&BpfLink::PinPath>("pinPath"),
      Method<&BpfLink::Info>("info"),
      Method<&BpfLink::UpdateProgram>("updateProgram"),
      Method<&BpfLink::UpdateMap>("updateMap"),
      Method<&BpfLink::Iterate>("iterate"),
      Method<&BpfLink::Detach>("detach"),
      Method<&BpfLink::Destroy>("destroy"),
      Method<&BpfLink::Pin>("pin"),
      Method<&BpfLink::Unpin>("unpin"),
  };
}

Napi::Value BpfLink::Own(Napi::Env env, UniqueFd fd, std::string subject, std::string pin_path) {
  CheckKind(fd.get(), FdKind::kLink, subject);
  auto link = std::make_shared<LinkHandle>(std::move(fd), std::move(pin_path));
  return Adopt(env, std::make_unique<BpfLink>(nullptr, std::move(link), std::move(subject)));
}

Napi::Value BpfLink::OpenPinned(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  const std::string subject = "link '" + path + "'";
  UniqueFd fd(CallInt(info.Env(), "bpf_obj_get", subject, bpf_obj_get, path.c_str()));
  return Own(info.Env(), std::move(fd), subject, path);
}

Napi::Value BpfLink::OpenId(const Napi::CallbackInfo& info) {
  const std::uint32_t id = args::Uint32(info[0], "id");
  const std::string subject = "link " + std::to_string(id);
  UniqueFd fd(CallInt(info.Env(), "bpf_link_get_fd_by_id", subject, bpf_link_get_fd_by_id, id));
  return Own(info.Env(), std::move(fd), subject);
}

Napi::Value BpfLink::OpenFd(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::string subject = "file descriptor " + std::to_string(fd);
  return Own(info.Env(), UniqueFd::Duplicate(fd, subject), subject);
}

LinkHandle& BpfLink::Live(const char* syscall) const {
  if (link_->destroyed()) throw ClosedFailure(subject_, subject_ + " is closed");
  if (link_->fd() < 0) {
    throw UnsupportedFailure(syscall, subject_,
                             subject_ +
                                 ": the kernel has no link behind this attachment (it is older than such "
                                 "links, or there are several attachments behind it)");
  }
  return *link_;
}

Napi::Value BpfLink::Info(const Napi::CallbackInfo& info) {
  return LinkInfo(info.Env(), Live("bpf_link_get_info_by_fd").fd(), subject_);
}

void BpfLink::UpdateProgram(const Napi::CallbackInfo& info) {
  const int program = args::FileDescriptor(info[0], "program");
  const bool expected = !info[1].IsUndefined();
  const int old_program = expected ? args::FileDescriptor(info[1], "expected") : 0;
  const LinkHandle& link = Live("bpf_link_update");
  // The kernel would take the number for one of a map, which may be the one that the link has (UpdateMap).
  if (StructOpsMapId(link.fd()) != 0) {
    throw ArgumentFailure(subject_ + " is a link of a struct_ops map: only another one can take its place");
  }
  bpf_link_update_opts options = {};
  options.sz = sizeof options;
  if (expected) {
    options.flags = BPF_F_REPLACE;
    options.old_prog_fd = static_cast<__u32>(old_program);
  }
  CallInt(info.Env(), "bpf_link_update", subject_, bpf_link_update, link.fd(), program, &options);
}

void BpfLink::UpdateMap(const Napi::CallbackInfo& info) {
  bpf_map* const map = BpfMap::StructOpsOf(info[0]);
  const LinkHandle& link = Live("bpf_link__update_map");
  // SAFETY: libbpf takes every link for one of struct_ops here.
  if (!link.struct_ops()) throw ArgumentFailure(subject_ + " is not a link of a struct_ops map");
  // A map in its own place ends kernels with a BUG (6.18, tcp_update_congestion_control), so that no other
  // thread may come between looking and replacing.
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::uint32_t id = MapInfo(bpf_map__fd(map), subject_).id;
  if (id == StructOpsMapId(link.fd())) return;
  CallInt(info.Env(), "bpf_link__update_map", subject_, bpf_link__update_map, link.libbpf(), map);
}

Napi::Value BpfLink::Iterate(const Napi::CallbackInfo& info) {
  const LinkHandle& link = Live("bpf_iter_create");
  UniqueFd fd(CallInt(info.Env(), "bpf_iter_create", subject_, bpf_iter_create, link.fd()));
  return OwnedFd::Wrap(info.Env(), std::move(fd));
}

void BpfLink::Detach(const Napi::CallbackInfo& info) {
  const LinkHandle& link = Live("bpf_link__detach");
  CallInt(info.Env(), "bpf_link__detach", subject_, [&] { return link.Detach(); });
}

void BpfLink::Destroy(const Napi::CallbackInfo& info) {
  if (owner_ != nullptr) owner_->Forget(link_.get());
  CallInt(info.Env(), "bpf_link__destroy", subject_, [&] { return link_->Destroy(); });
}

void BpfLink::Pin(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  LinkHandle& link = Live("bpf_link__pin");
  CallInt(info.Env(), "bpf_link__pin", subject_ + " at '" + path + "'", [&] { return link.Pin(path); });
}

void BpfLink::Unpin(const Napi::CallbackInfo& info) {
  LinkHandle& link = Live("bpf_link__unpin");
  CallInt(info.Env(), "bpf_link__unpin", subject_, [&] { return link.Unpin(); });
}

}  // namespace subskel
