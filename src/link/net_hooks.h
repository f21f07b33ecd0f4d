#pragma once

#include <napi.h>

/// Attachments over netlink, which know no links: the TC hook (bpf_tc_…) and XDP without one (bpf_xdp_…).
/// `NativeNetHooks` of lib/native/surface/hooks.ts.
namespace subskel {

Napi::Value InterfaceIndex(const Napi::CallbackInfo& info);
Napi::Value CreateTcHook(const Napi::CallbackInfo& info);
void DestroyTcHook(const Napi::CallbackInfo& info);
Napi::Value AttachTc(const Napi::CallbackInfo& info);
void DetachTc(const Napi::CallbackInfo& info);
Napi::Value QueryTc(const Napi::CallbackInfo& info);
void AttachXdp(const Napi::CallbackInfo& info);
void DetachXdp(const Napi::CallbackInfo& info);
Napi::Value QueryXdp(const Napi::CallbackInfo& info);

}  // namespace subskel
