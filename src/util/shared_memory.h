#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "util/errors.h"

namespace subskel {

/// An ArrayBuffer over memory that `owner` keeps.
/// SAFETY: the buffer holds a share of the owner, which its finalizer gives up. Only for buffers that never
/// reach users, who could move them to another thread.
template <typename Owner>
Napi::ArrayBuffer MakeSharedBuffer(Napi::Env env, const std::shared_ptr<Owner>& owner, void* data,
                                   std::size_t size) {
  auto share = std::make_unique<std::shared_ptr<Owner>>(owner);
  napi_value buffer;
  const napi_status status = napi_create_external_arraybuffer(
      env, data, size, [](napi_env, void*, void* hint) { delete static_cast<std::shared_ptr<Owner>*>(hint); },
      share.get(), &buffer);
  if (status == napi_no_external_buffers_allowed) {
    throw UnsupportedFailure(
        "napi_create_external_arraybuffer", "",
        "this JavaScript runtime (Electron) does not allow memory from outside: run in Node.js");
  }
  if (status != napi_ok) throw Napi::Error::New(env);
  share.release();
  return Napi::ArrayBuffer(env, buffer);
}

}  // namespace subskel
