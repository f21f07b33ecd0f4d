#include "kernel/possible_cpus.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <new>

#include "util/unique_fd.h"

namespace subskel {

namespace {

/// No kernel is built for more (CONFIG_NR_CPUS is 8192 at most).
constexpr std::size_t kMost = 1 << 16;
constexpr std::uint64_t kUntouched = 0xa5a5a5a5a5a5a5a5;

/// 0 where it cannot be found out.
int Measure() noexcept {
  const UniqueFd map(bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, nullptr, sizeof(std::uint32_t),
                                    sizeof(std::uint64_t), 1, nullptr));
  const std::unique_ptr<std::uint64_t[]> values(new (std::nothrow) std::uint64_t[kMost]);
  if (!map || values == nullptr) return 0;
  std::fill_n(values.get(), kMost, kUntouched);
  const std::uint32_t key = 0;
  // SAFETY: there is room for more values than any kernel has CPUs.
  if (bpf_map_lookup_elem(map.get(), &key, values.get()) < 0) return 0;
  return static_cast<int>(std::find(values.get(), values.get() + kMost, kUntouched) - values.get());
}

}  // namespace

int PossibleCpus() noexcept {
  static std::atomic<int> known = 0;
  if (known == 0) known = Measure();
  return known != 0 ? known.load() : libbpf_num_possible_cpus();
}

}  // namespace subskel
