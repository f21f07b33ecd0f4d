#pragma once

#include <bpf/libbpf.h>
#include <linux/perf_event.h>

#include <memory>
#include <string>
#include <vector>

#include "events/record_reader.h"
#include "map/map_claim.h"
#include "util/unique_fd.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativePerfBuffer` of lib/native/surface/events.ts: libbpf's perf_buffer. Its records are copied out of
/// the kernel's pages, because libbpf gives them back to the kernel as soon as it has shown them.
class PerfBuffer : public Wrapped<PerfBuffer>, public RecordReader {
 public:
  static constexpr ClassId kClass = ClassId::kPerfBuffer;
  static constexpr const char* kName = "NativePerfBuffer";
  static std::vector<napi_property_descriptor> Properties();
  /// `NativeAddon.perfBuffer`.
  static Napi::Value New(const Napi::CallbackInfo& info);

  PerfBuffer() = default;
  ~PerfBuffer();

 private:
  struct Stage;

  Napi::Value Sources(const Napi::CallbackInfo& info);
  Napi::Value Memory(const Napi::CallbackInfo& info);
  Napi::Value Index(const Napi::CallbackInfo& info);
  Napi::Value Take(const Napi::CallbackInfo& info);
  void Release(const Napi::CallbackInfo& info);
  void ReleaseAll(const Napi::CallbackInfo& info);
  void Copy(const Napi::CallbackInfo& info);
  double Lost() { return std::exchange(lost_, 0); }
  void Close(const Napi::CallbackInfo& info);

  static bpf_perf_event_ret OnEvent(void* context, int cpu, perf_event_header* event) noexcept;

  int WatchedFd() const override;
  bool HasData() const noexcept override;
  Stage& StageAt(const Napi::Value& number);

  UniqueFd fd_;
  /// The map has one event a CPU: those of a second reader would take the place of the first one's.
  MapClaim claim_;
  std::string subject_;
  perf_buffer* reader_ = nullptr;
  std::vector<std::unique_ptr<Stage>> stages_;
  /// The one that libbpf is asked to fill now.
  Stage* filling_ = nullptr;
  double lost_ = 0;
  bool closed_ = false;
};

}  // namespace subskel
