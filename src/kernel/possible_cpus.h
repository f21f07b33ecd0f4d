#pragma once

namespace subskel {

/// How many values a per-CPU map has of a key: the kernel writes as many as that, whatever room there is. So
/// it is the kernel that is asked, by a map of our own: /sys/devices/system/cpu/possible may be somebody's
/// file in this mount namespace. Where no map can be made, libbpf_num_possible_cpus, which reads that file,
/// or its negative errno.
int PossibleCpus() noexcept;

}  // namespace subskel
