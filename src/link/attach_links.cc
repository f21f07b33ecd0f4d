#include <bpf/bpf.h>

#include "link/attach_options.h"
#include "link/attach_ways.h"

namespace subskel::attaching {

namespace {

int Place(const Napi::Value& value, const char* name) {
  if (!value.IsNumber()) args::Refuse(name, "a file descriptor or an interface index");
  return args::FileDescriptor(value, name);
}

}  // namespace

/// A link to a descriptor or an interface: cgroup, netns, sockmap, XDP; at TCX, netkit and cgroups at a place
/// among others (BPF_F_BEFORE and its like).
Attachment Target(Options options) {
  bpf_link_create_opts raw = Sized<bpf_link_create_opts>();
  int target = -1;
  std::optional<std::uint32_t> type;
  // tcx, netkit and cgroup are one layout; libbpf reads the one that belongs to the attach type.
  Reader(options)
      .Need<Place>("target", target)
      .Take<args::Uint32>("attachType", type)
      .Take<args::Uint32>("flags", raw.flags)
      .Take<args::Uint32>("relativeFd", raw.tcx.relative_fd)
      .Take<args::Uint32>("relativeId", raw.tcx.relative_id)
      .Take<args::Uint64>("expectedRevision", raw.tcx.expected_revision);
  return Attachment::OfKernel(
      [=](int program, bpf_attach_type attach) { return bpf_link_create(program, target, attach, &raw); },
      type ? std::optional(static_cast<bpf_attach_type>(*type)) : std::nullopt);
}

Attachment Netfilter(Options options) {
  bpf_link_create_opts raw = Sized<bpf_link_create_opts>();
  Reader(options)
      .Need<args::Uint32>("protocolFamily", raw.netfilter.pf)
      .Need<args::Uint32>("hook", raw.netfilter.hooknum)
      .Need<args::Int32>("priority", raw.netfilter.priority)
      .Take<args::Uint32>("flags", raw.netfilter.flags);
  return Attachment::OfKernel(
      [=](int program, bpf_attach_type attach) { return bpf_link_create(program, 0, attach, &raw); },
      BPF_NETFILTER);
}

Attachment Iterator(Options options) {
  // One union: TypeScript gives members of one kind only.
  std::optional<std::uint32_t> map, cgroup, tid, pid, pid_fd;
  std::optional<std::uint32_t> order;
  std::optional<std::uint64_t> cgroup_id;
  Reader(options)
      .Take<args::FileDescriptor>("mapFd", map)
      .Take<args::Uint32>("order", order)
      .Take<args::FileDescriptor>("cgroupFd", cgroup)
      .Take<args::Uint64>("cgroupId", cgroup_id)
      .Take<args::Pid>("tid", tid)
      .Take<args::Pid>("pid", pid)
      .Take<args::FileDescriptor>("pidFd", pid_fd);
  bpf_iter_link_info info = {};
  if (map) info.map.map_fd = *map;
  if (order) info.cgroup.order = static_cast<bpf_cgroup_iter_order>(*order);
  if (cgroup) info.cgroup.cgroup_fd = *cgroup;
  if (cgroup_id) info.cgroup.cgroup_id = *cgroup_id;
  if (tid) info.task.tid = *tid;
  if (pid) info.task.pid = *pid;
  if (pid_fd) info.task.pid_fd = *pid_fd;
  const bool given = map || order || cgroup || cgroup_id || tid || pid || pid_fd;
  return Attachment::OfKernel(
      [info, given](int program, bpf_attach_type attach) mutable {
        bpf_link_create_opts raw = Sized<bpf_link_create_opts>();
        raw.iter_info = given ? &info : nullptr;
        raw.iter_info_len = given ? sizeof info : 0;
        return bpf_link_create(program, 0, attach, &raw);
      },
      BPF_TRACE_ITER);
}

}  // namespace subskel::attaching
