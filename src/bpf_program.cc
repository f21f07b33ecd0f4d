#include "bpf_program.h"

#include "bpf_link.h"
#include "test_run.h"
#include "util/args.h"
#include "util/call.h"

namespace subskel {

std::vector<napi_property_descriptor> BpfProgram::Properties() {
  return {
      Getter<&BpfProgram::Name>("name"),
      Getter<&BpfProgram::Section>("section"),
      Getter<&BpfProgram::Type>("type"),
      Getter<&BpfProgram::ExpectedAttachType>("expectedAttachType"),
      Getter<&BpfProgram::InstructionCount>("instructionCount"),
      Getter<&BpfProgram::Autoload>("autoload"),
      Getter<&BpfProgram::Autoattach>("autoattach"),
      Getter<&BpfProgram::Fd>("fd"),
      Method<&BpfProgram::SetAutoload>("setAutoload"),
      Method<&BpfProgram::SetAutoattach>("setAutoattach"),
      Method<&BpfProgram::Attach>("attach"),
      Method<&BpfProgram::TestRun>("testRun"),
  };
}

Napi::Value BpfProgram::Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object,
                             bpf_program* program) {
  return Adopt(env, std::make_unique<BpfProgram>(object, program));
}

BpfProgram::BpfProgram(std::shared_ptr<ObjectHandle> object, bpf_program* program)
    : object_(std::move(object)),
      program_(program),
      subject_(std::string("program '") + bpf_program__name(program) + "'") {}

bpf_program* BpfProgram::Live() const {
  object_->Get(subject_);
  return program_;
}

int BpfProgram::LoadedFd(const char* syscall) const {
  const int fd = bpf_program__fd(Live());
  if (fd >= 0) return fd;
  const bool loaded = object_->phase == ObjectHandle::Phase::kLoaded;
  throw NotLoadedFailure(
      syscall, subject_,
      subject_ + (loaded ? " was not loaded with its object (autoload is off)" : " is not loaded"));
}

Napi::Value BpfProgram::Name(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), bpf_program__name(Live()));
}

Napi::Value BpfProgram::Section(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), bpf_program__section_name(Live()));
}

Napi::Value BpfProgram::Type(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_program__type(Live()));
}

Napi::Value BpfProgram::ExpectedAttachType(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), bpf_program__expected_attach_type(Live()));
}

Napi::Value BpfProgram::InstructionCount(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(bpf_program__insn_cnt(Live())));
}

Napi::Value BpfProgram::Autoload(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), bpf_program__autoload(Live()));
}

Napi::Value BpfProgram::Autoattach(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), bpf_program__autoattach(Live()));
}

Napi::Value BpfProgram::SetAutoload(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_program* const program = Live();
  if (object_->phase != ObjectHandle::Phase::kOpen) {
    throw Failure{Failure::Kind::kAlreadyLoaded, "bpf_program__set_autoload", 0, subject_,
                  subject_ + ": autoload is decided before its object is prepared or loaded"};
  }
  CallInt(Environment::Of(info.Env()), "bpf_program__set_autoload", subject_,
          [&] { return bpf_program__set_autoload(program, on); });
  return info.Env().Undefined();
}

Napi::Value BpfProgram::SetAutoattach(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_program__set_autoattach(Live(), on);
  return info.Env().Undefined();
}

Napi::Value BpfProgram::Fd(const Napi::CallbackInfo& info) {
  const int fd = bpf_program__fd(Live());
  return Napi::Number::New(info.Env(), fd < 0 ? -1 : fd);
}

Napi::Value BpfProgram::Attach(const Napi::CallbackInfo& info) {
  LoadedFd("bpf_program__attach");
  bpf_link* const link = CallPointer(Environment::Of(info.Env()), "bpf_program__attach", subject_,
                                     [&] { return bpf_program__attach(program_); });
  std::shared_ptr<LinkHandle> handle = object_->AddLink(link);
  return BpfLink::Adopt(info.Env(),
                        std::make_unique<BpfLink>(object_, std::move(handle), "link of " + subject_));
}

Napi::Value BpfProgram::TestRun(const Napi::CallbackInfo& info) {
  const TestRunRequest request(args::PlainObject(info[0], "options"));
  return request.Run(info.Env(), LoadedFd("bpf_prog_test_run_opts"), subject_);
}

}  // namespace subskel
