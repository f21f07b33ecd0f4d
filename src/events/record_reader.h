#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "util/js_callback.h"
#include "util/uv_watch.h"

namespace subskel {

/// The memory of an array of (offset, length) pairs, shared with JavaScript.
using RecordIndex = std::shared_ptr<std::uint32_t[]>;

/// What the readers of ring buffers and perf buffers have in common: a descriptor in the event loop.
class RecordReader : protected UvWatch::Target {
 public:
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

 protected:
  RecordReader() = default;
  ~RecordReader() { EndWatch(); }

  // Methods of NativeRecordReader in lib/native/surface/events.ts.
  void Watch(const Napi::CallbackInfo& info);
  void Spin(const Napi::CallbackInfo& info);
  void Reference(const Napi::CallbackInfo& info);
  /// What Watch() watches. Throws a 'closed' failure when there is nothing any more.
  virtual int WatchedFd() const = 0;
  /// Before the descriptor is closed.
  void EndWatch() noexcept;
  /// The callback holds on to the reader's JavaScript object, and everything behind that.
  void ForgetCallback() { callback_.Reset(); }

  void OnReadable() noexcept final { callback_.Call(); }
  void OnLoopEnds() noexcept final { watch_ = nullptr; }

 private:
  /// Deletes itself.
  UvWatch* watch_ = nullptr;
  JsCallback callback_;
};

/// A Uint32Array's worth of shared memory for `records` pairs, and its buffer.
RecordIndex MakeRecordIndex(std::uint32_t records);

}  // namespace subskel
