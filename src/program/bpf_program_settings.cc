#include <cstring>

#include "program/bpf_program.h"
#include "util/args.h"
#include "util/call.h"
#include "util/fd_kind.h"

/// What a program is before it is loaded, and what is decided then.
namespace subskel {

namespace {

// The libbpf functions that SetNumber calls, with their names.
struct SetType {
  static constexpr const char* name = "bpf_program__set_type";
  static int Call(bpf_program* program, std::uint32_t type) {
    return bpf_program__set_type(program, static_cast<bpf_prog_type>(type));
  }
};

struct SetExpectedAttachType {
  static constexpr const char* name = "bpf_program__set_expected_attach_type";
  static int Call(bpf_program* program, std::uint32_t type) {
    return bpf_program__set_expected_attach_type(program, static_cast<bpf_attach_type>(type));
  }
};

struct SetFlags {
  static constexpr const char* name = "bpf_program__set_flags";
  static int Call(bpf_program* program, std::uint32_t flags) {
    return bpf_program__set_flags(program, flags);
  }
};

struct SetInterface {
  static constexpr const char* name = "bpf_program__set_ifindex";
  static int Call(bpf_program* program, std::uint32_t ifindex) {
    bpf_program__set_ifindex(program, ifindex);
    return 0;
  }
};

struct SetLogLevel {
  static constexpr const char* name = "bpf_program__set_log_level";
  static int Call(bpf_program* program, std::uint32_t level) {
    return bpf_program__set_log_level(program, level);
  }
};

}  // namespace

template <typename Setter>
void BpfProgram::SetNumber(const Napi::CallbackInfo& info) {
  const std::uint32_t value = args::Uint32(info[0], "value");
  bpf_program* const program = Unloaded(Setter::name);
  CallInt(info.Env(), Setter::name, subject_, [&] { return Setter::Call(program, value); });
}

std::vector<napi_property_descriptor> BpfProgram::Settings() {
  return {
      Getter<&BpfProgram::Ask<bpf_program__type>>("type"),
      Method<&BpfProgram::SetNumber<SetType>>("setType"),
      Getter<&BpfProgram::Ask<bpf_program__expected_attach_type>>("expectedAttachType"),
      Method<&BpfProgram::SetNumber<SetExpectedAttachType>>("setExpectedAttachType"),
      Getter<&BpfProgram::Ask<bpf_program__flags>>("flags"),
      Method<&BpfProgram::SetNumber<SetFlags>>("setFlags"),
      Method<&BpfProgram::SetNumber<SetInterface>>("setInterface"),
      Getter<&BpfProgram::Ask<bpf_program__log_level>>("logLevel"),
      Method<&BpfProgram::SetNumber<SetLogLevel>>("setLogLevel"),
      Getter<&BpfProgram::Ask<bpf_program__insn_cnt>>("instructionCount"),
      Getter<&BpfProgram::Ask<bpf_program__autoload>>("autoload"),
      Getter<&BpfProgram::Ask<bpf_program__autoattach>>("autoattach"),
      Method<&BpfProgram::SetAutoload>("setAutoload"),
      Method<&BpfProgram::SetAutoattach>("setAutoattach"),
      Method<&BpfProgram::SetAttachTarget>("setAttachTarget"),
      Method<&BpfProgram::SetLogBuffer>("setLogBuffer"),
      Method<&BpfProgram::Log>("log"),
  };
}

bpf_program* BpfProgram::Unloaded(const char* syscall) const {
  bpf_program* const program = Live();
  if (object_->phase != ObjectHandle::Phase::kOpen) {
    throw Failure{Failure::Kind::kAlreadyLoaded, syscall, 0, subject_,
                  subject_ + ": this is decided before its object is prepared or loaded"};
  }
  return program;
}

void BpfProgram::SetAutoload(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_program* const program = Unloaded("bpf_program__set_autoload");
  CallInt(info.Env(), "bpf_program__set_autoload", subject_, bpf_program__set_autoload, program, on);
}

void BpfProgram::SetAutoattach(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  bpf_program__set_autoattach(Live(), on);
}

void BpfProgram::SetAttachTarget(const Napi::CallbackInfo& info) {
  constexpr const char* name = "bpf_program__set_attach_target";
  const bool in_program = !info[0].IsUndefined();
  const int target = in_program ? args::FileDescriptor(info[0], "program") : 0;
  const bool named = !info[1].IsUndefined();
  const std::string function = named ? args::Text(info[1], "function") : "";
  bpf_program* const program = Unloaded(name);
  UniqueFd kept;
  if (in_program) {
    CheckKind(target, FdKind::kProgram, "the target of " + subject_);
    kept = UniqueFd::Duplicate(target, subject_);
  }
  const int fd = in_program ? kept.get() : 0;
  // SAFETY: libbpf keeps the number and uses it in load(): it must not be closed, and become another's, until
  // then.
  UniqueFd& slot = object_->attach_targets[program];
  CallInt(info.Env(), name, subject_, bpf_program__set_attach_target, program, fd,
          named ? function.c_str() : nullptr);
  slot = std::move(kept);
}

void BpfProgram::SetLogBuffer(const Napi::CallbackInfo& info) {
  const std::uint32_t size = args::Uint32(info[0], "size");
  bpf_program* const program = Unloaded("bpf_program__set_log_buf");
  std::vector<char> buffer(size);
  // SAFETY: swapping vectors does not move their memory, which libbpf and the kernel write in load().
  std::vector<char>& slot = object_->log_buffers[program];
  CallInt(info.Env(), "bpf_program__set_log_buf", subject_, bpf_program__set_log_buf, program,
          size == 0 ? nullptr : buffer.data(), size);
  slot.swap(buffer);
}

Napi::Value BpfProgram::Log(const Napi::CallbackInfo& info) {
  const bpf_program* const program = Live();
  const auto buffer = object_->log_buffers.find(program);
  if (buffer == object_->log_buffers.end() || buffer->second.empty()) return info.Env().Undefined();
  const std::vector<char>& text = buffer->second;
  return Napi::String::New(info.Env(), text.data(), strnlen(text.data(), text.size()));
}

}  // namespace subskel
