#include "object/struct_ops.h"

#include <cstring>

#include "util/errors.h"

namespace subskel {

namespace {

/// Without qualifiers and typedefs.
const btf_type* Plain(const btf* types, std::uint32_t id) {
  const btf_type* type = btf__type_by_id(types, id);
  while (type != nullptr && (btf_is_mod(type) || btf_is_typedef(type)))
    type = btf__type_by_id(types, type->type);
  return type;
}

/// The type of the variable that the map is named after. libbpf's own note of it does not outlive load().
const btf_type* TypeOf(const btf* types, const char* name) {
  for (const char* section : {".struct_ops", ".struct_ops.link", "?.struct_ops", "?.struct_ops.link"}) {
    const std::int32_t id = btf__find_by_name_kind(types, section, BTF_KIND_DATASEC);
    if (id < 0) continue;
    const btf_type* const datasec = btf__type_by_id(types, static_cast<std::uint32_t>(id));
    const btf_var_secinfo* const entries = btf_var_secinfos(datasec);
    for (std::uint16_t i = 0; i < btf_vlen(datasec); i++) {
      const btf_type* const variable = btf__type_by_id(types, entries[i].type);
      const char* const found = btf__name_by_offset(types, variable->name_off);
      if (found != nullptr && std::strcmp(found, name) == 0) return Plain(types, variable->type);
    }
  }
  return nullptr;
}

}  // namespace

StructOpsShadow::StructOpsShadow(bpf_object* object, const bpf_map* map, const std::string& subject)
    : object_(object), subject_(subject), types_(bpf_object__btf(object)) {
  if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS && types_ != nullptr) {
    type_ = TypeOf(types_, bpf_map__name(map));
    // SAFETY: the size that libbpf reports with this is the kernel's after load; the memory has that of the
    // type.
    std::size_t ignored = 0;
    data_ = static_cast<std::uint8_t*>(bpf_map__initial_value(map, &ignored));
  }
  if (type_ == nullptr || !btf_is_struct(type_) || data_ == nullptr) {
    throw ArgumentFailure(subject_ + " is no struct_ops map");
  }
}

bool StructOpsShadow::IsPointer(const btf_member& member, bool to_function) const {
  const btf_type* const type = Plain(types_, member.type);
  if (type == nullptr || !btf_is_ptr(type)) return false;
  const btf_type* const target = Plain(types_, type->type);
  return !to_function || (target != nullptr && btf_is_func_proto(target));
}

void StructOpsShadow::Read(std::uint8_t* to) const {
  std::memcpy(to, data_, size());
  const btf_member* const members = btf_members(type_);
  for (std::uint16_t i = 0; i < btf_vlen(type_); i++) {
    if (!IsPointer(members[i], false)) continue;
    std::memset(to + btf_member_bit_offset(type_, i) / 8, 0, sizeof(void*));
  }
}

void StructOpsShadow::Write(const std::uint8_t* from) const {
  // SAFETY: libbpf takes what is in a function's place for the address of a program: these bytes stay its
  // own.
  std::vector<std::uint8_t> merged(from, from + size());
  const btf_member* const members = btf_members(type_);
  for (std::uint16_t i = 0; i < btf_vlen(type_); i++) {
    if (!IsPointer(members[i], false)) continue;
    const std::size_t offset = btf_member_bit_offset(type_, i) / 8;
    std::memcpy(merged.data() + offset, data_ + offset, sizeof(void*));
  }
  std::memcpy(data_, merged.data(), size());
}

/// A constant may be in a function's place, too: only a program of the object is one.
const bpf_program* StructOpsShadow::ProgramAt(std::uint32_t offset) const {
  const bpf_program* there = nullptr;
  std::memcpy(&there, data_ + offset, sizeof(void*));
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_) {
    if (program == there) return program;
  }
  return nullptr;
}

std::vector<StructOpsShadow::Function> StructOpsShadow::Functions() const {
  std::vector<Function> functions;
  const btf_member* const members = btf_members(type_);
  for (std::uint16_t i = 0; i < btf_vlen(type_); i++) {
    if (!IsPointer(members[i], true)) continue;
    const std::uint32_t offset = btf_member_bit_offset(type_, i) / 8;
    functions.push_back({offset, ProgramAt(offset)});
  }
  return functions;
}

void StructOpsShadow::SetProgram(std::uint32_t offset, bpf_program* program) const {
  if (program != nullptr && bpf_program__type(program) != BPF_PROG_TYPE_STRUCT_OPS) {
    throw ArgumentFailure(subject_ + ": program '" + bpf_program__name(program) +
                          "' is no struct_ops program (SEC(\"struct_ops/...\"))");
  }
  for (const Function& function : Functions()) {
    if (function.offset != offset) continue;
    std::memcpy(data_ + offset, &program, sizeof(void*));
    return;
  }
  throw ArgumentFailure(subject_ + " has no function at offset " + std::to_string(offset));
}

}  // namespace subskel
