#pragma once

#include <napi.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "kernel/libbpf_log.h"
#include "util/live_handles.h"

namespace subskel {

class MappedRegion;

/// Everything that belongs to one JavaScript environment (the main thread or one worker). Lives in the
/// instance data; no finalizer may use it, because it can be gone before them at teardown.
class Environment {
 public:
  static void Install(Napi::Env env);
  /// Null only while the environment is being torn down.
  static Environment* Find(napi_env env);
  static Environment& Of(napi_env env);

  Napi::FunctionReference error_factory;
  std::array<Napi::FunctionReference, static_cast<std::size_t>(ClassId::kCount)> constructors;
  std::shared_ptr<LiveHandles> live = std::make_shared<LiveHandles>();
  /// The handle that the constructor being run is to adopt: constructors called from JavaScript find none.
  void* pending_handle = nullptr;

  /// The live mappings by address.
  std::unordered_map<const void*, MappedRegion*> regions;

  LogLevel log_level = LogLevel::kInfo;
  std::string last_log;
};

}  // namespace subskel
