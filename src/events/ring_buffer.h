#pragma once

#include <bpf/libbpf.h>

#include <memory>
#include <string>
#include <vector>

#include "events/record_reader.h"
#include "events/ring_pages.h"
#include "util/unique_fd.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeRingBuffer` of lib/native/surface/events.ts: libbpf's ring_buffer waits for several rings; their
/// records are read in place (RingPages). Holds its maps by descriptors of its own, so that no object has to
/// stay open for it.
class RingBuffer : public Wrapped<RingBuffer>, public RecordReader {
 public:
  static constexpr ClassId kClass = ClassId::kRingBuffer;
  static constexpr const char* kName = "NativeRingBuffer";
  static std::vector<napi_property_descriptor> Properties();
  /// `NativeAddon.ringBuffer`.
  static Napi::Value New(const Napi::CallbackInfo& info);

  RingBuffer() = default;
  ~RingBuffer();

 private:
  struct Ring;

  Napi::Value Add(const Napi::CallbackInfo& info);
  Napi::Value Memory(const Napi::CallbackInfo& info);
  Napi::Value Index(const Napi::CallbackInfo& info);
  Napi::Value Take(const Napi::CallbackInfo& info);
  void Release(const Napi::CallbackInfo& info);
  void ReleaseAll(const Napi::CallbackInfo& info);
  void Copy(const Napi::CallbackInfo& info);
  Napi::Value State(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  int WatchedFd() const override;
  bool HasData() const noexcept override;
  Ring& RingAt(const Napi::Value& number);

  /// Null before the first Add().
  ring_buffer* reader_ = nullptr;
  std::vector<std::unique_ptr<Ring>> rings_;
  bool closed_ = false;
};

}  // namespace subskel
