#include "object/subskeleton.h"

#include <bpf/btf.h>

#include <string>
#include <vector>

#include "util/args.h"
#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

struct Request {
  std::string name;
  std::vector<std::string> maps, programs, variables;
  /// For each variable, the index of its section's map.
  std::vector<std::uint32_t> variable_maps;

  explicit Request(const Napi::Object& from)
      : name(args::Text(from.Get("name"), "name")),
        maps(args::Texts(from.Get("maps"), "maps")),
        programs(args::Texts(from.Get("programs"), "programs")) {
    const Napi::Value list = from.Get("variables");
    if (!list.IsArray()) args::Refuse("variables", "an array of { name, map }");
    const auto array = list.As<Napi::Array>();
    for (std::uint32_t i = 0; i < array.Length(); i++) {
      const std::string place = "variables[" + std::to_string(i) + "]";
      const Napi::Object variable = args::PlainObject(array.Get(i), place.c_str());
      variables.push_back(args::Text(variable.Get("name"), (place + ".name").c_str()));
      variable_maps.push_back(args::Uint32(variable.Get("map"), (place + ".map").c_str()));
      if (variable_maps.back() >= maps.size()) args::Refuse(place + ".map", "an index into maps");
    }
  }
};

/// Not an address that libbpf can answer, so that a variable that it does not touch can be told from one at
/// offset 0 of a section without memory.
char untouched;
void* const kUntouched = &untouched;

/// libbpf looks the map's value type up in the object's BTF without checking the answer. After reuse of a
/// foreign map the id belongs to another BTF, and can lie beyond ours: libbpf would follow a null pointer.
void CheckValueTypes(const Request& request, const ObjectHandle& object) {
  const btf* const types = bpf_object__btf(object.Get());
  if (types == nullptr) return;
  for (const std::uint32_t index : request.variable_maps) {
    const std::string& name = request.maps[index];
    const bpf_map* const map = bpf_object__find_map_by_name(object.Get(), name.c_str());
    if (map == nullptr) continue;
    if (btf__type_by_id(types, bpf_map__btf_value_type_id(map)) == nullptr) {
      throw BpfFailure("bpf_object__open_subskeleton", EINVAL, object.Subject(),
                       "the value type of map '" + name + "' is not in the object's BTF (a reused map?)");
    }
  }
}

}  // namespace

Napi::Value OpenSubskeleton(const Napi::CallbackInfo& info, const ObjectHandle& object) {
  const Request request(args::PlainObject(info[0], "request"));
  bpf_object* const raw = object.Get();
  CheckValueTypes(request, object);

  std::vector<bpf_map*> maps(request.maps.size());
  std::vector<bpf_map_skeleton> map_entries(request.maps.size());
  for (std::size_t i = 0; i < maps.size(); i++) {
    map_entries[i].name = request.maps[i].c_str();
    map_entries[i].map = &maps[i];
  }
  std::vector<bpf_program*> programs(request.programs.size());
  std::vector<bpf_prog_skeleton> program_entries(request.programs.size());
  for (std::size_t i = 0; i < programs.size(); i++) {
    program_entries[i].name = request.programs[i].c_str();
    program_entries[i].prog = &programs[i];
  }
  std::vector<void*> addresses(request.variables.size(), kUntouched);
  std::vector<bpf_var_skeleton> variable_entries(request.variables.size());
  for (std::size_t i = 0; i < addresses.size(); i++) {
    variable_entries[i].name = request.variables[i].c_str();
    variable_entries[i].map = &maps[request.variable_maps[i]];
    variable_entries[i].addr = &addresses[i];
  }

  bpf_object_subskeleton skeleton = {};
  skeleton.sz = sizeof skeleton;
  skeleton.obj = raw;
  skeleton.map_cnt = static_cast<int>(map_entries.size());
  skeleton.map_skel_sz = sizeof(bpf_map_skeleton);
  skeleton.maps = map_entries.data();
  skeleton.prog_cnt = static_cast<int>(program_entries.size());
  skeleton.prog_skel_sz = sizeof(bpf_prog_skeleton);
  skeleton.progs = program_entries.data();
  skeleton.var_cnt = static_cast<int>(variable_entries.size());
  skeleton.var_skel_sz = sizeof(bpf_var_skeleton);
  skeleton.vars = variable_entries.data();
  // SAFETY: libbpf writes through these arrays during the call and keeps none of them.
  CallInt(info.Env(), "bpf_object__open_subskeleton",
          "subskeleton '" + request.name + "' on " + object.Subject(), bpf_object__open_subskeleton,
          &skeleton);

  Napi::Float64Array offsets = Napi::Float64Array::New(info.Env(), addresses.size());
  for (std::size_t i = 0; i < addresses.size(); i++) {
    if (addresses[i] == kUntouched) {
      offsets[i] = -1;
      continue;
    }
    // libbpf adds the variable's offset to the section's memory, which can be NULL (a map that cannot be
    // mmapped, after load): the difference is right in both cases.
    std::size_t size = 0;
    const auto* const base =
        static_cast<const char*>(bpf_map__initial_value(maps[request.variable_maps[i]], &size));
    offsets[i] = static_cast<double>(reinterpret_cast<std::uintptr_t>(addresses[i]) -
                                     reinterpret_cast<std::uintptr_t>(base));
  }
  Result answer(info.Env());
  answer.Put("offsets", offsets);
  return answer;
}

}  // namespace subskel
