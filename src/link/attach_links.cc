#include <bpf/bpf.h>

#include "link/attach_options.h"
#include "link/attach_ways.h"

namespace subskel::attaching {

/// A link to a descriptor or an interface: cgroup, netns, sockmap, XDP; at TCX, netkit and cgroups at a place
/// among others (BPF_F_BEFORE and its like).
Attachment Target(Options options) {
  bpf_link_create_opts raw = Sized<bpf_link_create_opts>();
  raw.flags = args::OptionalUint32(options, "flags").value_or(0);
  // tcx, netkit and cgroup are one layout; libbpf reads the one that belongs to the attach type.
  raw.tcx.relative_fd = args::OptionalUint32(options, "relativeFd").value_or(0);
  raw.tcx.relative_id = args::OptionalUint32(options, "relativeId").value_or(0);
  raw.tcx.expected_revision = args::OptionalUint64(options, "expectedRevision").value_or(0);
  const int target = args::FileDescriptor(options.Get("target"), "target");
  const std::optional<std::uint32_t> type = args::OptionalUint32(options, "attachType");
  return {"bpf_link_create",
          {},
          [raw, target](int program, bpf_attach_type attach) {
            return bpf_link_create(program, target, attach, &raw);
          },
          type ? std::optional(static_cast<bpf_attach_type>(*type)) : std::nullopt};
}

Attachment Netfilter(Options options) {
  bpf_link_create_opts raw = Sized<bpf_link_create_opts>();
  raw.netfilter.pf = args::Uint32(options.Get("protocolFamily"), "protocolFamily");
  raw.netfilter.hooknum = args::Uint32(options.Get("hook"), "hook");
  raw.netfilter.priority = args::Int32(options.Get("priority"), "priority");
  raw.netfilter.flags = args::OptionalUint32(options, "flags").value_or(0);
  return {"bpf_link_create",
          {},
          [raw](int program, bpf_attach_type attach) { return bpf_link_create(program, 0, attach, &raw); },
          BPF_NETFILTER};
}

Attachment Iterator(Options options) {
  bpf_iter_link_info info = {};
  bool given = false;
  const auto number = [&](const char* name, auto& member) {
    const std::optional<std::uint32_t> value = args::OptionalUint32(options, name);
    given = given || value.has_value();
    if (value) member = static_cast<std::remove_reference_t<decltype(member)>>(*value);
  };
  // One union: TypeScript gives those of one kind only.
  number("mapFd", info.map.map_fd);
  number("order", info.cgroup.order);
  number("cgroupFd", info.cgroup.cgroup_fd);
  if (const auto id = args::OptionalUint64(options, "cgroupId")) info.cgroup.cgroup_id = *id;
  number("tid", info.task.tid);
  number("pid", info.task.pid);
  number("pidFd", info.task.pid_fd);
  return {"bpf_link_create",
          {},
          [info, given](int program, bpf_attach_type attach) mutable {
            bpf_link_create_opts raw = Sized<bpf_link_create_opts>();
            raw.iter_info = given ? &info : nullptr;
            raw.iter_info_len = given ? sizeof info : 0;
            return bpf_link_create(program, 0, attach, &raw);
          },
          BPF_TRACE_ITER};
}

}  // namespace subskel::attaching
