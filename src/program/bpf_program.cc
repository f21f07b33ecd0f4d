#include "program/bpf_program.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <algorithm>

#include "kernel/object_info.h"
#include "link/attach.h"
#include "link/bpf_link.h"
#include "program/program_code.h"
#include "program/test_run.h"
#include "util/args.h"
#include "util/call.h"
#include "util/descriptor_room.h"
#include "util/fd_kind.h"
#include "util/result.h"

namespace subskel {

std::vector<napi_property_descriptor> BpfProgram::Properties() {
  std::vector<napi_property_descriptor> properties = {
      Getter<&BpfProgram::Ask<bpf_program__name>>("name"),
      Getter<&BpfProgram::Ask<bpf_program__section_name>>("section"),
      Method<&BpfProgram::Instructions>("instructions"),
      Getter<&BpfProgram::Fd>("fd"),
      Method<&BpfProgram::Info>("info"),
      Method<&BpfProgram::Code>("code"),
      Method<&BpfProgram::Attach>("attach"),
      Method<&BpfProgram::AttachWith>("attachWith"),
      Method<&BpfProgram::TestRun>("testRun"),
      Method<&BpfProgram::Pin>("pin"),
      Method<&BpfProgram::Unpin>("unpin"),
      Method<&BpfProgram::Close>("close"),
  };
  const std::vector<napi_property_descriptor> settings = Settings();
  properties.insert(properties.end(), settings.begin(), settings.end());
  return properties;
}

Napi::Value BpfProgram::Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object,
                             bpf_program* program) {
  return Adopt(env, std::make_unique<BpfProgram>(object, program));
}

Napi::Value BpfProgram::Own(Napi::Env env, UniqueFd fd, const std::string& subject) {
  CheckKind(fd.get(), FdKind::kProgram, subject);
  auto loose = std::make_shared<LooseProgram>();
  loose->fd = std::move(fd);
  return Adopt(env, std::make_unique<BpfProgram>(std::move(loose), subject));
}

Napi::Value BpfProgram::OpenPinned(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  const std::string subject = "program '" + path + "'";
  UniqueFd fd(CallInt(info.Env(), "bpf_obj_get", subject, bpf_obj_get, path.c_str()));
  return Own(info.Env(), std::move(fd), subject);
}

Napi::Value BpfProgram::OpenId(const Napi::CallbackInfo& info) {
  const std::uint32_t id = args::Uint32(info[0], "id");
  const std::string subject = "program " + std::to_string(id);
  UniqueFd fd(CallInt(info.Env(), "bpf_prog_get_fd_by_id", subject, bpf_prog_get_fd_by_id, id));
  return Own(info.Env(), std::move(fd), subject);
}

Napi::Value BpfProgram::OpenFd(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  const std::string subject = "file descriptor " + std::to_string(fd);
  return Own(info.Env(), UniqueFd::Duplicate(fd, subject), subject);
}

BpfProgram::BpfProgram(std::shared_ptr<ObjectHandle> object, bpf_program* program)
    : object_(std::move(object)),
      program_(program),
      subject_(std::string("program '") + bpf_program__name(program) + "'") {}

BpfProgram::BpfProgram(std::shared_ptr<LooseProgram> loose, std::string subject)
    : loose_(std::move(loose)), program_(nullptr), subject_(std::move(subject)) {}

bpf_program* BpfProgram::Live() const {
  if (object_ == nullptr) {
    LoadedFd("");
    throw UnsupportedFailure(
        "", subject_, subject_ + " is without its object here: this needs the object that it is loaded from");
  }
  object_->Get(subject_);
  return program_;
}

int BpfProgram::LoadedFd(const char* syscall) const {
  if (loose_ != nullptr) {
    if (!loose_->fd) throw ClosedFailure(subject_, subject_ + " is closed");
    return loose_->fd.get();
  }
  object_->Get(subject_);
  const int fd = bpf_program__fd(program_);
  if (fd >= 0) return fd;
  const bool loaded = object_->phase == ObjectHandle::Phase::kLoaded;
  throw NotLoadedFailure(
      syscall, subject_,
      subject_ + (loaded ? " was not loaded with its object (autoload is off)" : " is not loaded"));
}

std::shared_ptr<LinkSet> BpfProgram::Links() const {
  // They keep the object, or the program, as well: the links would not work without it.
  if (object_ != nullptr) return {object_, &object_->links};
  return {loose_, &loose_->links};
}

Napi::Value BpfProgram::WrapLink(Napi::Env env, std::shared_ptr<LinkHandle> link) const {
  return BpfLink::Adopt(env, std::make_unique<BpfLink>(Links(), std::move(link), "link of " + subject_));
}

Napi::Value BpfProgram::Instructions(const Napi::CallbackInfo& info) {
  const bpf_program* const program = Live();
  const std::size_t size = bpf_program__insn_cnt(program) * sizeof(bpf_insn);
  return CopyOf(info.Env(), bpf_program__insns(program), size);
}

int BpfProgram::Fd() const {
  if (loose_ != nullptr) return loose_->fd.get();
  return std::max(bpf_program__fd(Live()), -1);
}

Napi::Value BpfProgram::Info(const Napi::CallbackInfo& info) {
  return ProgramInfo(info.Env(), LoadedFd("bpf_prog_get_info_by_fd"), subject_);
}

Napi::Value BpfProgram::Code(const Napi::CallbackInfo& info) {
  return ProgramCode(info.Env(), LoadedFd("bpf_prog_get_info_by_fd"), subject_);
}

Napi::Value BpfProgram::Attach(const Napi::CallbackInfo& info) {
  bpf_program* const program = Live();
  LoadedFd("bpf_program__attach");
  CheckDescriptorRoom("bpf_program__attach", subject_);
  bpf_link* const link =
      CallPointer(info.Env(), "bpf_program__attach", subject_, bpf_program__attach, program);
  return WrapLink(info.Env(), Links()->Add(link));
}

Napi::Value BpfProgram::AttachWith(const Napi::CallbackInfo& info) {
  const std::string kind = args::Text(info[0], "kind");
  const Attachment attachment = ParseAttachment(kind, args::PlainObject(info[1], "options"));
  if (attachment.attach && (object_ != nullptr || !attachment.create)) {
    bpf_program* const program = Live();
    LoadedFd(attachment.function);
    CheckDescriptorRoom(attachment.function, subject_);
    bpf_link* const link =
        CallPointer(info.Env(), attachment.function, subject_, [&] { return attachment.attach(program); });
    return WrapLink(info.Env(), Links()->Add(link));
  }
  const int program = LoadedFd(attachment.function);
  const bpf_attach_type type = attachment.type ? *attachment.type : bpf_program__expected_attach_type(Live());
  UniqueFd fd(
      CallInt(info.Env(), attachment.function, subject_, [&] { return attachment.create(program, type); }));
  return WrapLink(info.Env(), Links()->Add(std::move(fd)));
}

Napi::Value BpfProgram::TestRun(const Napi::CallbackInfo& info) {
  const TestRunRequest request(args::PlainObject(info[0], "options"));
  return request.Run(info.Env(), LoadedFd("bpf_prog_test_run_opts"), subject_);
}

void BpfProgram::Pin(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  const std::string subject = subject_ + " at '" + path + "'";
  const int fd = LoadedFd("bpf_program__pin");
  if (object_ != nullptr) {
    CallInt(info.Env(), "bpf_program__pin", subject, bpf_program__pin, program_, path.c_str());
  } else {
    CallInt(info.Env(), "bpf_obj_pin", subject, bpf_obj_pin, fd, path.c_str());
  }
}

void BpfProgram::Unpin(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  const std::string subject = subject_ + " at '" + path + "'";
  LoadedFd("bpf_program__unpin");
  if (object_ != nullptr) {
    CallInt(info.Env(), "bpf_program__unpin", subject, bpf_program__unpin, program_, path.c_str());
  } else {
    // As libbpf does, nothing else than a pin is removed.
    const UniqueFd pinned(CallInt(info.Env(), "bpf_obj_get", subject, bpf_obj_get, path.c_str()));
    CheckKind(pinned.get(), FdKind::kProgram, subject);
    CallInt(info.Env(), "unlink", subject, [&] { return unlink(path.c_str()) == 0 ? 0 : -errno; });
  }
}

void BpfProgram::Close(const Napi::CallbackInfo& info) {
  if (loose_ == nullptr) Live();
  if (loose_ == nullptr) {
    throw UnsupportedFailure("", subject_, subject_ + " belongs to its object: close that");
  }
  loose_->Close();
}

}  // namespace subskel
