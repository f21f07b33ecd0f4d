#include "bpf_link.h"

#include "util/args.h"
#include "util/call.h"

namespace subskel {

std::vector<napi_property_descriptor> BpfLink::Properties() {
  return {
      Getter<&BpfLink::Fd>("fd"),   Method<&BpfLink::Detach>("detach"), Method<&BpfLink::Destroy>("destroy"),
      Method<&BpfLink::Pin>("pin"), Method<&BpfLink::Unpin>("unpin"),
  };
}

bpf_link* BpfLink::Live() const {
  if (link_->get() == nullptr) throw ClosedFailure(subject_, subject_ + " is destroyed");
  return link_->get();
}

Napi::Value BpfLink::Fd(const Napi::CallbackInfo& info) {
  const int fd = link_->get() == nullptr ? -1 : bpf_link__fd(link_->get());
  return Napi::Number::New(info.Env(), fd < 0 ? -1 : fd);
}

Napi::Value BpfLink::Detach(const Napi::CallbackInfo& info) {
  bpf_link* const link = Live();
  CallInt(Environment::Of(info.Env()), "bpf_link__detach", subject_, [&] { return bpf_link__detach(link); });
  return info.Env().Undefined();
}

Napi::Value BpfLink::Destroy(const Napi::CallbackInfo& info) {
  object_->ForgetLink(link_.get());
  CallInt(Environment::Of(info.Env()), "bpf_link__destroy", subject_, [&] { return link_->Destroy(); });
  return info.Env().Undefined();
}

Napi::Value BpfLink::Pin(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  bpf_link* const link = Live();
  CallInt(Environment::Of(info.Env()), "bpf_link__pin", subject_ + " at '" + path + "'",
          [&] { return bpf_link__pin(link, path.c_str()); });
  return info.Env().Undefined();
}

Napi::Value BpfLink::Unpin(const Napi::CallbackInfo& info) {
  bpf_link* const link = Live();
  CallInt(Environment::Of(info.Env()), "bpf_link__unpin", subject_, [&] { return bpf_link__unpin(link); });
  return info.Env().Undefined();
}

}  // namespace subskel
