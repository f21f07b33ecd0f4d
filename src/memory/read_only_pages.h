#pragma once

#include <cstddef>
#include <vector>

#include "util/wrapped.h"

namespace subskel {

/// `NativePages` of lib/native/surface/handles.ts: memory that may only be read. No ArrayBuffer lies over it:
/// a write through one would end the process, and whoever replaces DataView.prototype.getInt8 or Atomics.load
/// gets hold of every view that is passed to them.
class ReadOnlyPages : public Wrapped<ReadOnlyPages> {
 public:
  static constexpr ClassId kClass = ClassId::kPages;
  static constexpr const char* kName = "NativePages";
  static std::vector<napi_property_descriptor> Properties();

  /// Takes over a mapping of `mapped` bytes, of which the first `length` can be copied.
  static Napi::Value Wrap(Napi::Env env, void* base, std::size_t length, std::size_t mapped);

  ReadOnlyPages(void* base, std::size_t length, std::size_t mapped) noexcept
      : base_(static_cast<const std::uint8_t*>(base)), length_(length), mapped_(mapped) {}
  ~ReadOnlyPages() { Unmap(); }

 private:
  void Copy(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  void Unmap() noexcept;

  /// Null once closed.
  const std::uint8_t* base_;
  const std::size_t length_;
  const std::size_t mapped_;
};

}  // namespace subskel
