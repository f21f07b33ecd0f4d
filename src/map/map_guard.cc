#include "map/map_guard.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <unistd.h>

#include <cerrno>

#include "util/errors.h"
#include "util/fd_kind.h"
#include "util/map_info.h"

namespace subskel {

Image ImageOf(const bpf_map* map) {
  if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS) return {};
  if (bpf_map__type(map) == BPF_MAP_TYPE_ARENA && bpf_map__fd(map) >= 0) return {};
  Image image;
  image.data = bpf_map__initial_value(map, &image.size);
  return image;
}

std::string SectionOf(const bpf_object* object, const bpf_map* map) {
  if (!bpf_map__is_internal(map)) return "";
  const char* const name = bpf_map__name(map);
  if (name[0] == '.') return name;
  // The others are named after the object and the section, cut short; libbpf finds them by the section's
  // name, too.
  const auto is_section = [&](const char* section) {
    return bpf_object__find_map_by_name(object, section) == map;
  };
  for (const char* section : {".data", ".rodata", ".bss", ".kconfig"}) {
    if (is_section(section)) return section;
  }
  const btf* const types = bpf_object__btf(object);
  const __u32 count = types == nullptr ? 0 : btf__type_cnt(types);
  for (__u32 id = 1; id < count; id++) {
    const btf_type* const type = btf__type_by_id(types, id);
    if (!btf_is_datasec(type)) continue;
    const char* const section = btf__name_by_offset(types, type->name_off);
    if (section != nullptr && section[0] == '.' && is_section(section)) return section;
  }
  return "";
}

void CheckMaxEntries(const bpf_map* map, std::uint32_t count, const std::string& subject) {
  const Image image = ImageOf(map);
  if (image.data == nullptr) return;
  // libbpf would unmap, or copy to, as much memory as the new number asks for, without having mapped it.
  if (bpf_map__type(map) != BPF_MAP_TYPE_ARENA) {
    if (count == bpf_map__max_entries(map)) return;
    throw ArgumentFailure(subject + " is a data section: it has one entry");
  }
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (count < (image.size + page - 1) / page) {
    throw ArgumentFailure(subject + ": " + std::to_string(count) + " pages do not hold its " +
                          std::to_string(image.size) + " bytes of variables");
  }
}

namespace {

/// libbpf before 1.7 keeps the names of externs as addresses in BTF, which moves when a type is added to it.
bool LosesExterns(const bpf_object* object) {
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 7
  (void)object;
  return false;
#else
  const btf* const types = bpf_object__btf(object);
  return btf__find_by_name_kind(types, ".kconfig", BTF_KIND_DATASEC) > 0 ||
         btf__find_by_name_kind(types, ".ksyms", BTF_KIND_DATASEC) > 0;
#endif
}

/// libbpf gives the array at the section's end another length. Where it cannot, it forgets the section's
/// types and goes on, so that no subskeleton can be opened any more; and below the array's start its length
/// wraps around.
void CheckLastArray(const btf* types, const bpf_map* map, std::uint32_t size, const std::string& subject) {
  const btf_type* const section =
      types == nullptr ? nullptr : btf__type_by_id(types, bpf_map__btf_value_type_id(map));
  if (section == nullptr || !btf_is_datasec(section) || btf_vlen(section) == 0) return;
  const btf_var_secinfo& last = btf_var_secinfos(section)[btf_vlen(section) - 1];
  const btf_type* const variable = btf__type_by_id(types, last.type);
  const std::string name = std::string("'") + btf__name_by_offset(types, variable->name_off) + "'";
  const int type = btf__resolve_type(types, variable->type);
  const btf_type* const array = type < 0 ? nullptr : btf__type_by_id(types, static_cast<__u32>(type));
  const auto refuse = [&](const std::string& why) {
    throw BpfFailure("bpf_map__set_value_size", EINVAL, subject, why);
  };
  if (array == nullptr || !btf_is_array(array)) {
    refuse("the variable at its end, " + name + ", is no array that could become longer or shorter");
  }
  if (size < last.offset) refuse(std::to_string(size) + " bytes end before " + name + " begins");
  const __s64 element = btf__resolve_size(types, btf_array(array)->type);
  if (element <= 0 || (size - last.offset) % element != 0) {
    refuse("after what precedes " + name + " (" + std::to_string(last.offset) + " bytes), " +
           std::to_string(size - last.offset) + " bytes are left, which is no multiple of its elements' " +
           std::to_string(element));
  }
}

}  // namespace

void CheckValueSize(const bpf_object* object, const bpf_map* map, std::uint32_t size,
                    const std::string& subject) {
  if (ImageOf(map).data == nullptr) return;
  if (size == 0) throw ArgumentFailure(subject + ": a data section cannot have size 0");
  // load() writes the values of the kernel's configuration to where they were when the object was opened.
  if (SectionOf(object, map) == ".kconfig" && size < bpf_map__value_size(map)) {
    throw ArgumentFailure(subject + ": .kconfig cannot shrink");
  }
  if (LosesExterns(object)) {
    throw UnsupportedFailure("bpf_map__set_value_size", subject,
                             subject +
                                 ": libbpf before 1.7 cannot resize sections of an object that has "
                                 "externs (.kconfig, .ksyms): it loses their names");
  }
  CheckLastArray(bpf_object__btf(object), map, size, subject);
}

void CheckDefinable(const bpf_map* map, const std::string& subject) {
  if (bpf_map__is_internal(map)) {
    throw ArgumentFailure(subject + " is a data section: only its size can be changed, by its resize()");
  }
  CheckOrdinaryType(bpf_map__type(map), subject);
}

void CheckOrdinaryType(std::uint32_t type, const std::string& subject) {
  // libbpf fills these from what the source says is in them, and would take programs for maps; it maps arenas
  // at the address that map_extra says, whatever is there.
  switch (type) {
    case BPF_MAP_TYPE_PROG_ARRAY:
    case BPF_MAP_TYPE_ARRAY_OF_MAPS:
    case BPF_MAP_TYPE_HASH_OF_MAPS:
    case BPF_MAP_TYPE_STRUCT_OPS:
    case BPF_MAP_TYPE_ARENA:
      throw UnsupportedFailure("", subject,
                               subject +
                                   ": prog arrays, maps of maps, struct_ops maps and arenas are as the "
                                   "source defines them, and no other map can become one");
    default:
      break;
  }
}

void CheckReuse(const bpf_map* map, int fd, const std::string& subject) {
  // The kernel would answer for a program's descriptor too, with other bytes.
  CheckKind(fd, FdKind::kMap, subject + ": what is to be reused");
  const bpf_map_info info = MapInfo(fd, subject);
  // libbpf takes over type and sizes unseen. Its own memory of a data section, and its notion of struct_ops,
  // go by these, and so do the programs.
  std::string differences;
  const auto compare = [&](const char* what, std::uint32_t own, std::uint32_t other) {
    if (own == other) return;
    differences += (differences.empty() ? "" : ", ") + std::string(what) + " " + std::to_string(other) +
                   " instead of " + std::to_string(own);
  };
  const bool section = ImageOf(map).data != nullptr;
  compare("map type", bpf_map__type(map), info.type);
  compare("key size", bpf_map__key_size(map), info.key_size);
  compare("value size", bpf_map__value_size(map), info.value_size);
  if (section) compare("max_entries", bpf_map__max_entries(map), info.max_entries);
  if (!differences.empty()) {
    throw ArgumentFailure(subject + ": the map to reuse is of another kind: it has " + differences);
  }
  if (info.type == BPF_MAP_TYPE_STRUCT_OPS) {
    throw UnsupportedFailure("bpf_map__reuse_fd", subject, subject + ": struct_ops maps cannot be reused");
  }
  if (section && info.type == BPF_MAP_TYPE_ARENA) {
    throw UnsupportedFailure("bpf_map__reuse_fd", subject,
                             subject + ": an arena with variables cannot be reused");
  }
}

}  // namespace subskel
