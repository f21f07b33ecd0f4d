#pragma once

#include <bpf/libbpf.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "map/map_claim.h"
#include "util/js_callback.h"
#include "util/unique_fd.h"
#include "util/uv_watch.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeUserRingBuffer` of lib/native/surface/events.ts: libbpf's user_ring_buffer. Samples are numbers to
/// JavaScript; their bytes are copied into the ring when they are submitted, so that nothing can write into
/// it afterwards.
class UserRingBuffer : public Wrapped<UserRingBuffer>, private UvWatch::Target {
 public:
  static constexpr ClassId kClass = ClassId::kUserRingBuffer;
  static constexpr const char* kName = "NativeUserRingBuffer";
  static std::vector<napi_property_descriptor> Properties();
  /// `NativeAddon.userRingBuffer`.
  static Napi::Value New(const Napi::CallbackInfo& info);

  UserRingBuffer() = default;
  ~UserRingBuffer();

 private:
  struct Sample {
    void* data;
    std::uint32_t size;
  };

  Napi::Value Reserve(const Napi::CallbackInfo& info);
  void Submit(const Napi::CallbackInfo& info);
  void Discard(const Napi::CallbackInfo& info);
  Napi::Value Send(const Napi::CallbackInfo& info);
  void Watch(const Napi::CallbackInfo& info);
  bool Closed() const { return ring_ == nullptr; }
  void Close(const Napi::CallbackInfo& info);

  void OnReadable() noexcept override;
  bool HasData() const noexcept override { return false; }
  void OnLoopEnds() noexcept override { watch_ = nullptr; }
  user_ring_buffer* Live() const;
  void* Room(std::uint32_t size) const;
  Sample TakeSample(const Napi::Value& number);
  void Free() noexcept;

  UniqueFd fd_;
  /// libbpf locks among the threads that share a user_ring_buffer, not among several of one map.
  MapClaim claim_;
  /// Tells when the kernel has drained something. Our own, edge-triggered: libbpf's says "writable" for as
  /// long as a single byte is free, and who waits for more would spin.
  UniqueFd epoll_;
  std::string subject_;
  user_ring_buffer* ring_ = nullptr;
  std::unordered_map<std::uint32_t, Sample> samples_;
  std::uint32_t next_ = 1;
  UvWatch* watch_ = nullptr;
  JsCallback callback_;
};

}  // namespace subskel
