#pragma once

#include <memory>
#include <vector>

#include "object_handle.h"
#include "util/wrapped.h"

namespace subskel {

/// `NativeLink` of lib/native/addon.ts.
class BpfLink : public Wrapped<BpfLink> {
 public:
  static constexpr ClassId kClass = ClassId::kLink;
  static constexpr const char* kName = "NativeLink";
  static std::vector<napi_property_descriptor> Properties();

  BpfLink(std::shared_ptr<ObjectHandle> object, std::shared_ptr<LinkHandle> link, std::string subject)
      : object_(std::move(object)), link_(std::move(link)), subject_(std::move(subject)) {}

 private:
  Napi::Value Fd(const Napi::CallbackInfo& info);
  Napi::Value Detach(const Napi::CallbackInfo& info);
  Napi::Value Destroy(const Napi::CallbackInfo& info);
  Napi::Value Pin(const Napi::CallbackInfo& info);
  Napi::Value Unpin(const Napi::CallbackInfo& info);

  bpf_link* Live() const;

  /// Keeps the object open: the link would not work without it.
  std::shared_ptr<ObjectHandle> object_;
  std::shared_ptr<LinkHandle> link_;
  const std::string subject_;
};

}  // namespace subskel
