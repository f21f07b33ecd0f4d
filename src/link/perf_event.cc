#include "link/perf_event.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "util/args.h"
#include "util/call.h"
#include "util/owned_fd.h"

namespace subskel {

Napi::Value OpenPerfEvent(const Napi::CallbackInfo& info) {
  const Napi::Object options = args::PlainObject(info[0], "options");
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = args::Uint32(options.Get("type"), "type");
  attributes.config = args::Uint64(options.Get("config"), "config");
  attributes.config1 = args::OptionalUint64(options, "config1").value_or(0);
  attributes.config2 = args::OptionalUint64(options, "config2").value_or(0);
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  const std::uint64_t frequency = args::OptionalUint64(options, "frequency").value_or(0);
  const std::uint64_t period = args::OptionalUint64(options, "period").value_or(0);
  // One union: `freq` says which.
  attributes.freq = frequency != 0;
  attributes.sample_period = frequency != 0 ? frequency : period;
  attributes.inherit = args::OptionalBoolean(options, "inherit").value_or(false);
  attributes.exclude_user = args::OptionalBoolean(options, "excludeUser").value_or(false);
  attributes.exclude_kernel = args::OptionalBoolean(options, "excludeKernel").value_or(false);
  attributes.disabled = args::OptionalBoolean(options, "disabled").value_or(false);
  const std::int32_t pid = args::Int32(options.Get("pid"), "pid");
  const std::int32_t cpu = args::Int32(options.Get("cpu"), "cpu");
  const std::string subject = args::Text(options.Get("subject"), "subject");
  UniqueFd fd(CallInt(info.Env(), "perf_event_open", subject, [&] {
    const long result = syscall(SYS_perf_event_open, &attributes, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
    return result < 0 ? -errno : static_cast<int>(result);
  }));
  return OwnedFd::Wrap(info.Env(), std::move(fd));
}

void ControlPerfEvent(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::string operation = args::Text(info[1], "operation");
  unsigned long request = 0;
  if (operation == "enable") {
    request = PERF_EVENT_IOC_ENABLE;
  } else if (operation == "disable") {
    request = PERF_EVENT_IOC_DISABLE;
  } else if (operation == "reset") {
    request = PERF_EVENT_IOC_RESET;
  } else {
    args::Refuse("operation", "'enable', 'disable' or 'reset'");
  }
  CallInt(info.Env(), "ioctl", "perf event", [&] { return ioctl(fd, request, 0) < 0 ? -errno : 0; });
}

}  // namespace subskel
