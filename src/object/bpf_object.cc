#include "object/bpf_object.h"

#include <bpf/btf.h>

#include <cstring>
#include <string>

#include "map/bpf_map.h"
#include "object/object_image.h"
#include "object/subskeleton.h"
#include "object/variable_offsets.h"
#include "program/bpf_program.h"
#include "util/args.h"
#include "util/blocked_signals.h"
#include "util/call.h"
#include "util/descriptor_room.h"
#include "util/result.h"

namespace subskel {

namespace {

/// The strings behind a bpf_object_open_opts; libbpf copies what it keeps.
struct OpenOptions {
  std::optional<std::string> name, kconfig, btf_custom_path, pin_root_path, token_path;
  bpf_object_open_opts raw = {};

  explicit OpenOptions(const Napi::Object& from)
      : name(args::OptionalText(from, "name")),
        kconfig(args::OptionalText(from, "kconfig")),
        btf_custom_path(args::OptionalText(from, "btfCustomPath")),
        pin_root_path(args::OptionalText(from, "pinRootPath")),
        token_path(args::OptionalText(from, "bpfTokenPath")) {
    const auto pointer = [](const std::optional<std::string>& text) {
      return text ? text->c_str() : nullptr;
    };
    raw.sz = sizeof raw;
    raw.object_name = pointer(name);
    raw.kconfig = pointer(kconfig);
    raw.btf_custom_path = pointer(btf_custom_path);
    raw.pin_root_path = pointer(pin_root_path);
    raw.bpf_token_path = pointer(token_path);
    raw.relaxed_maps = args::OptionalBoolean(from, "relaxedMaps").value_or(false);
    raw.kernel_log_level = args::OptionalUint32(from, "kernelLogLevel").value_or(0);
  }
  OpenOptions(const OpenOptions&) = delete;
  OpenOptions& operator=(const OpenOptions&) = delete;
};

/// As bpf_object__open_file has it: the file's name up to its first dot. libbpf cuts what is too long.
std::string NameOfFile(const std::string& path) {
  const std::string base = path.substr(path.rfind('/') + 1);
  return base.substr(0, base.find('.'));
}

/// libbpf opens objects of the other byte order and only refuses to load them; their variables would be
/// misread until then.
void CheckByteOrder(const bpf_object* object) {
  const btf* const types = bpf_object__btf(object);
  constexpr bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  if (types == nullptr || btf__endianness(types) == (little ? BTF_LITTLE_ENDIAN : BTF_BIG_ENDIAN)) return;
  const std::string subject = std::string("object '") + bpf_object__name(object) + "'";
  throw UnsupportedFailure("bpf_object__open", subject,
                           subject +
                               " is compiled for the other byte order: compile it with -target bpf on "
                               "this machine, or for its byte order");
}

/// What the verifier wrote into the buffers that programs were given: libbpf leaves it out of its messages.
std::string BufferedLog(const ObjectHandle& handle) {
  std::string log;
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, handle.Get()) {
    const auto buffer = handle.log_buffers.find(program);
    if (buffer == handle.log_buffers.end() || buffer->second.empty()) continue;
    const std::string text(buffer->second.data(), strnlen(buffer->second.data(), buffer->second.size()));
    if (text.empty()) continue;
    log += std::string("libbpf: prog '") + bpf_program__name(program) + "': -- BEGIN PROG LOAD LOG --\n" +
           text + "-- END PROG LOAD LOG --\n";
  }
  return log;
}

/// What loading may open: one for each program, and what trying out the kernel takes. Maps have theirs from
/// the opening on.
std::size_t DescriptorsToLoad(const bpf_object* object) {
  std::size_t count = kProbeDescriptors;
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    if (bpf_program__autoload(program)) count++;
  }
  return count;
}

Napi::Value AdoptObject(Napi::Env env, bpf_object* object) {
  // SAFETY: `object` has no owner before this line, which closes it even if it throws.
  std::shared_ptr<bpf_object> owned(object, bpf_object__close);
  CheckByteOrder(object);
  auto handle = std::make_shared<ObjectHandle>(std::move(owned));
  return BpfObject::Adopt(env, std::make_unique<BpfObject>(std::move(handle)));
}

}  // namespace

std::vector<napi_property_descriptor> BpfObject::Properties() {
  return {
      Getter<&BpfObject::Name>("name"),
      Getter<&BpfObject::Loaded>("loaded"),
      Getter<&BpfObject::Failed>("failed"),
      Method<&BpfObject::Prepare>("prepare"),
      Method<&BpfObject::Load>("load"),
      Method<&BpfObject::Close>("close"),
      Method<&BpfObject::Btf>("btf"),
      Method<&BpfObject::BtfFd>("btfFd"),
      Method<&BpfObject::Maps>("maps"),
      Method<&BpfObject::HasTypedRecords>("hasTypedRecords"),
      Method<&BpfObject::Programs>("programs"),
      Method<&BpfObject::FindMap>("findMap"),
      Method<&BpfObject::FindProgram>("findProgram"),
      Method<&BpfObject::OpenSubskeleton>("openSubskeleton"),
  };
}

Napi::Value BpfObject::OpenFile(const Napi::CallbackInfo& info) {
  const std::string path = args::Text(info[0], "path");
  OpenOptions options(args::PlainObject(info[1], "options"));
  const std::string subject = "file '" + path + "'";
  const std::optional<ObjectImage> image = ObjectImage::Read(path);
  const std::string name = NameOfFile(path);
  if (image) {
    CorrectVariableOffsets(*image, subject);
    if (options.raw.object_name == nullptr) options.raw.object_name = name.c_str();
  }
  // What cannot be read is libbpf's to refuse.
  const auto open = [&] {
    return image ? bpf_object__open_mem(image->data(), image->size(), &options.raw)
                 : bpf_object__open_file(path.c_str(), &options.raw);
  };
  bpf_object* const object = CallPointer(info.Env(), "bpf_object__open_file", subject, open);
  return AdoptObject(info.Env(), object);
}

Napi::Value BpfObject::OpenMemory(const Napi::CallbackInfo& info) {
  const OpenOptions options(args::PlainObject(info[1], "options"));
  const args::Bytes bytes = args::ByteArray(info[0], "bytes");
  const std::string subject = options.name ? "object '" + *options.name + "'" : "object from memory";
  // A SharedArrayBuffer can change under libelf. libbpf is done with the copy once the object is open.
  const ObjectImage image = ObjectImage::Copy(bytes);
  CorrectVariableOffsets(image, subject);
  bpf_object* const object = CallPointer(info.Env(), "bpf_object__open_mem", subject, bpf_object__open_mem,
                                         image.data(), image.size(), &options.raw);
  return AdoptObject(info.Env(), object);
}

Napi::Value BpfObject::Name(const Napi::CallbackInfo& info) {
  handle_->Get();
  return Napi::String::New(info.Env(), handle_->name());
}

Napi::Value BpfObject::Loaded(const Napi::CallbackInfo& info) {
  handle_->Get();
  return Napi::Boolean::New(info.Env(), handle_->phase == ObjectHandle::Phase::kLoaded);
}

Napi::Value BpfObject::Failed(const Napi::CallbackInfo& info) {
  handle_->Get();
  return Napi::Boolean::New(info.Env(), handle_->phase == ObjectHandle::Phase::kFailed);
}

template <typename Function>
void BpfObject::Advance(napi_env env, const char* name, Function&& function, ObjectHandle::Phase after) {
  bpf_object* const object = handle_->Get();
  const std::string subject = handle_->Subject();
  if (handle_->phase == ObjectHandle::Phase::kFailed) {
    throw Failure{Failure::Kind::kAlreadyLoaded, name, 0, subject,
                  subject + " failed to load before; libbpf allows one attempt, open it again"};
  }
  if (handle_->phase >= after) {
    throw Failure{
        Failure::Kind::kAlreadyLoaded, name, 0, subject,
        subject + (after == ObjectHandle::Phase::kLoaded ? " is loaded already" : " is prepared already")};
  }
  // Before the one attempt: it can be made when there is room.
  CheckDescriptorRoom(name, subject, DescriptorsToLoad(object));
  if (handle_->phase == ObjectHandle::Phase::kOpen) {
    handle_->KeepMapTypes();
    handle_->arena.BeforeMapping(object, subject);
  }
  handle_->phase = ObjectHandle::Phase::kFailed;
  try {
    CallInt(env, name, subject, [&] {
      const BlockedSignals blocked;
      const int result = function(object);
      handle_->arena.AfterMapping();
      if (result < 0) handle_->maps.CloseAll();
      return result;
    });
  } catch (Failure& failure) {
    if (failure.log.find("BEGIN PROG LOAD LOG") == std::string::npos) failure.log += BufferedLog(*handle_);
    throw;
  }
  handle_->phase = after;
}

void BpfObject::Prepare(const Napi::CallbackInfo& info) {
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 6
  Advance(info.Env(), "bpf_object__prepare", bpf_object__prepare, ObjectHandle::Phase::kPrepared);
  return;
#else
  handle_->Get();
  throw UnsupportedFailure("bpf_object__prepare", handle_->Subject(),
                           "bpf_object__prepare needs libbpf 1.6; this build has " +
                               std::to_string(LIBBPF_MAJOR_VERSION) + "." +
                               std::to_string(LIBBPF_MINOR_VERSION));
#endif
}

void BpfObject::Load(const Napi::CallbackInfo& info) {
  Advance(
      info.Env(), "bpf_object__load", [&](bpf_object* object) { return handle_->arena.Load(object); },
      ObjectHandle::Phase::kLoaded);
}

void BpfObject::Close(const Napi::CallbackInfo& info) {
  handle_->Close();
}

Napi::Value BpfObject::Btf(const Napi::CallbackInfo& info) {
  const btf* const types = bpf_object__btf(handle_->Get());
  if (types == nullptr) return info.Env().Null();
  __u32 size = 0;
  const void* const raw = btf__raw_data(types, &size);
  if (raw == nullptr) return info.Env().Null();
  return CopyOf(info.Env(), raw, size);
}

Napi::Value BpfObject::BtfFd(const Napi::CallbackInfo& info) {
  const int fd = bpf_object__btf_fd(handle_->Get());
  return Napi::Number::New(info.Env(), fd < 0 ? -1 : fd);
}

Napi::Value BpfObject::Maps(const Napi::CallbackInfo& info) {
  bpf_object* const object = handle_->Get();
  ResultList maps(info.Env());
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object) {
    maps.Add(BpfMap::Wrap(info.Env(), handle_, map));
  }
  return maps;
}

Napi::Value BpfObject::HasTypedRecords(const Napi::CallbackInfo& info) {
  bool found = false;
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, handle_->Get()) {
    const bpf_map_type type = bpf_map__type(map);
    const bool has_records = type == BPF_MAP_TYPE_RINGBUF || type == BPF_MAP_TYPE_USER_RINGBUF ||
                             type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
    if (has_records && (bpf_map__btf_key_type_id(map) != 0 || bpf_map__btf_value_type_id(map) != 0))
      found = true;
  }
  return Napi::Boolean::New(info.Env(), found);
}

Napi::Value BpfObject::Programs(const Napi::CallbackInfo& info) {
  bpf_object* const object = handle_->Get();
  ResultList programs(info.Env());
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    programs.Add(BpfProgram::Wrap(info.Env(), handle_, program));
  }
  return programs;
}

Napi::Value BpfObject::FindMap(const Napi::CallbackInfo& info) {
  const std::string name = args::Text(info[0], "name");
  bpf_map* const map = bpf_object__find_map_by_name(handle_->Get(), name.c_str());
  return map == nullptr ? info.Env().Null() : BpfMap::Wrap(info.Env(), handle_, map);
}

Napi::Value BpfObject::FindProgram(const Napi::CallbackInfo& info) {
  const std::string name = args::Text(info[0], "name");
  bpf_program* const program = bpf_object__find_program_by_name(handle_->Get(), name.c_str());
  return program == nullptr ? info.Env().Null() : BpfProgram::Wrap(info.Env(), handle_, program);
}

Napi::Value BpfObject::OpenSubskeleton(const Napi::CallbackInfo& info) {
  return subskel::OpenSubskeleton(info, *handle_);
}

}  // namespace subskel
