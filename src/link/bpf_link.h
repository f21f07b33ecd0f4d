#pragma once

#include <memory>
#include <string>
#include <vector>

#include "link/link_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeLink` of lib/native/surface/link.ts.
class BpfLink : public Wrapped<BpfLink> {
 public:
  static constexpr ClassId kClass = ClassId::kLink;
  static constexpr const char* kName = "NativeLink";
  static std::vector<napi_property_descriptor> Properties();

  /// A link without an owner: by its pin, by its id, or of a descriptor, which is duplicated.
  static Napi::Value OpenPinned(const Napi::CallbackInfo& info);
  static Napi::Value OpenId(const Napi::CallbackInfo& info);
  static Napi::Value OpenFd(const Napi::CallbackInfo& info);

  /// `owner` also keeps what the link would not work without; null for none.
  BpfLink(std::shared_ptr<LinkSet> owner, std::shared_ptr<LinkHandle> link, std::string subject)
      : owner_(std::move(owner)), link_(std::move(link)), subject_(std::move(subject)) {}

 private:
  int Fd() const { return link_->fd(); }
  bool Destroyed() const { return link_->destroyed(); }
  std::string PinPath() const { return link_->pin_path(); }
  Napi::Value Info(const Napi::CallbackInfo& info);
  void UpdateProgram(const Napi::CallbackInfo& info);
  void UpdateMap(const Napi::CallbackInfo& info);
  Napi::Value Iterate(const Napi::CallbackInfo& info);
  void Detach(const Napi::CallbackInfo& info);
  void Destroy(const Napi::CallbackInfo& info);
  void Pin(const Napi::CallbackInfo& info);
  void Unpin(const Napi::CallbackInfo& info);

  static Napi::Value Own(Napi::Env env, UniqueFd fd, std::string subject, std::string pin_path = {});
  /// Throws 'closed' after destroy(), 'unsupported' where the kernel has no link behind the attachment.
  LinkHandle& Live(const char* syscall) const;

  std::shared_ptr<LinkSet> owner_;
  std::shared_ptr<LinkHandle> link_;
  const std::string subject_;
};

}  // namespace subskel
