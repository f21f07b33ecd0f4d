#include "program/test_run.h"

#include <bpf/bpf.h>

#include "util/args.h"
#include "util/blocked_signals.h"
#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

args::Bytes OptionalBytes(const Napi::Value& value, const char* name) {
  args::Bytes bytes = value.IsUndefined() ? args::Bytes{} : args::ByteArray(value, name);
  if (bytes.size > UINT32_MAX) args::Refuse(name, "at most 4 GiB long");
  return bytes;
}

}  // namespace

TestRunRequest::TestRunRequest(const Napi::Object& options)
    : data_(options.Get("data")),
      data_out_(options.Get("dataOut")),
      context_(options.Get("context")),
      context_out_(options.Get("contextOut")),
      repeat_(args::OptionalUint32(options, "repeat").value_or(0)),
      flags_(args::OptionalUint32(options, "flags").value_or(0)),
      cpu_(args::OptionalUint32(options, "cpu").value_or(0)),
      batch_size_(args::OptionalUint32(options, "batchSize").value_or(0)) {}

Napi::Value TestRunRequest::Run(Napi::Env env, int fd, const std::string& subject) const {
  const args::Bytes data = OptionalBytes(data_, "data");
  const args::Bytes data_out = OptionalBytes(data_out_, "dataOut");
  const args::Bytes context = OptionalBytes(context_, "context");
  const args::Bytes context_out = OptionalBytes(context_out_, "contextOut");
  bpf_test_run_opts run = {};
  run.sz = sizeof run;
  // SAFETY: the kernel reads and writes these bytes during the call only, and no JavaScript runs meanwhile on
  // this thread that could detach them.
  run.data_in = data.data;
  run.data_size_in = static_cast<__u32>(data.size);
  run.data_out = data_out.data;
  run.data_size_out = static_cast<__u32>(data_out.size);
  run.ctx_in = context.data;
  run.ctx_size_in = static_cast<__u32>(context.size);
  run.ctx_out = context_out.data;
  run.ctx_size_out = static_cast<__u32>(context_out.size);
  // libbpf declares it an int, the kernel reads it as unsigned.
  run.repeat = static_cast<int>(repeat_);
  run.flags = flags_;
  run.cpu = cpu_;
  run.batch_size = batch_size_;
  CallInt(env, "bpf_prog_test_run_opts", subject, [&] {
    const BlockedSignals blocked;
    return bpf_prog_test_run_opts(fd, &run);
  });

  Result result(env);
  result.Put("retval", run.retval);
  result.Put("duration", run.duration);
  result.Put("dataSize", run.data_size_out);
  result.Put("contextSize", run.ctx_size_out);
  return result;
}

}  // namespace subskel
