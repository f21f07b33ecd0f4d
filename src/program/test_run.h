#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

namespace subskel {

/// The options of `NativeProgram.testRun`, read completely (getters may run JavaScript) before anything is
/// used.
class TestRunRequest {
 public:
  explicit TestRunRequest(const Napi::Object& options);
  /// bpf_prog_test_run_opts.
  Napi::Value Run(Napi::Env env, int fd, const std::string& subject) const;

 private:
  Napi::Value data_, data_out_, context_, context_out_;
  std::uint32_t repeat_, flags_, cpu_, batch_size_;
};

}  // namespace subskel
