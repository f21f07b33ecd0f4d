#pragma once

#include <memory>
#include <string>
#include <vector>

#include "object/object_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// A program that the kernel has and no object of ours, with the links made through it.
struct LooseProgram {
  UniqueFd fd;
  LinkSet links;

  ~LooseProgram() { Close(); }
  void Close() noexcept {
    links.DestroyAll();
    fd.Close();
  }
};

/// `NativeProgram` of lib/native/surface/program.ts: a program of an object, or one opened by its pin, its id
/// or a descriptor.
class BpfProgram : public Wrapped<BpfProgram> {
 public:
  static constexpr ClassId kClass = ClassId::kProgram;
  static constexpr const char* kName = "NativeProgram";
  static std::vector<napi_property_descriptor> Properties();
  static Napi::Value Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object, bpf_program* program);

  static Napi::Value OpenPinned(const Napi::CallbackInfo& info);
  static Napi::Value OpenId(const Napi::CallbackInfo& info);
  /// Duplicates it.
  static Napi::Value OpenFd(const Napi::CallbackInfo& info);

  BpfProgram(std::shared_ptr<ObjectHandle> object, bpf_program* program);
  BpfProgram(std::shared_ptr<LooseProgram> loose, std::string subject);

 private:
  /// Those of bpf_program_settings.cc.
  static std::vector<napi_property_descriptor> Settings();
  /// Settings that libbpf answers with a number, and takes as one before load.
  template <auto get>
  auto Ask() const {
    return get(Live());
  }
  template <typename Setter>
  void SetNumber(const Napi::CallbackInfo& info);
  void SetAutoload(const Napi::CallbackInfo& info);
  void SetAutoattach(const Napi::CallbackInfo& info);
  void SetAttachTarget(const Napi::CallbackInfo& info);
  void SetLogBuffer(const Napi::CallbackInfo& info);
  Napi::Value Log(const Napi::CallbackInfo& info);

  Napi::Value Instructions(const Napi::CallbackInfo& info);
  int Fd() const;
  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Code(const Napi::CallbackInfo& info);
  Napi::Value Attach(const Napi::CallbackInfo& info);
  Napi::Value AttachWith(const Napi::CallbackInfo& info);
  Napi::Value TestRun(const Napi::CallbackInfo& info);
  void Pin(const Napi::CallbackInfo& info);
  void Unpin(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  static Napi::Value Own(Napi::Env env, UniqueFd fd, const std::string& subject);
  /// Throws 'unsupported' for a program without an object.
  bpf_program* Live() const;
  /// Throws 'already-loaded' once its object is prepared or loaded.
  bpf_program* Unloaded(const char* syscall) const;
  /// Throws 'not-loaded' without one.
  int LoadedFd(const char* syscall) const;
  std::shared_ptr<LinkSet> Links() const;
  Napi::Value WrapLink(Napi::Env env, std::shared_ptr<LinkHandle> link) const;

  /// One of the two.
  std::shared_ptr<ObjectHandle> object_;
  std::shared_ptr<LooseProgram> loose_;
  /// Owned by the object: only valid while that is open, so reached through Live().
  bpf_program* const program_;
  const std::string subject_;
};

}  // namespace subskel
