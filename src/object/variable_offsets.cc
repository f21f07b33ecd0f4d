#include "object/variable_offsets.h"

#include <bpf/btf.h>

#include <unordered_map>
#include <vector>

#include "util/elf_view.h"
#include "util/errors.h"

namespace subskel {

namespace {

/// Of a linked object; undefined sections for what is not one.
struct LinkedObject {
  Elf64_Shdr btf = {}, symbols = {};
};

/// Compilers leave the offsets to relocations (and to libbpf, which takes them from the symbols); the linker
/// writes them.
LinkedObject FindLinked(const ElfView& elf) {
  LinkedObject found;
  std::size_t btf_index = 0;
  for (std::size_t i = 1; i < elf.count(); i++) {
    const Elf64_Shdr section = elf.Section(i);
    if (section.sh_type == SHT_SYMTAB) found.symbols = section;
    if (elf.NameOf(section) == ".BTF") {
      found.btf = section;
      btf_index = i;
    }
  }
  for (std::size_t i = 1; i < elf.count(); i++) {
    const Elf64_Shdr section = elf.Section(i);
    if (section.sh_type == SHT_REL && section.sh_info == btf_index) return {};
  }
  return found;
}

using Symbols = std::unordered_map<std::string_view, Elf64_Sym>;

/// Global and weak ones that the object defines.
Symbols DefinedSymbols(const ElfView& elf, const Elf64_Shdr& table) {
  Symbols symbols;
  const std::string_view strings = elf.Contents(elf.Section(table.sh_link));
  const std::size_t count = elf.Contents(table).size() / sizeof(Elf64_Sym);
  for (std::size_t i = 1; i < count; i++) {
    const auto symbol = elf.At<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    const bool defined = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx < SHN_LORESERVE;
    if (!defined || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
    symbols.emplace(ElfView::Text(strings, symbol.st_name), symbol);
  }
  return symbols;
}

}  // namespace

void CorrectVariableOffsets(const ObjectImage& image, const std::string& subject) {
  const ElfView elf(image.data(), image.size());
  const LinkedObject object = FindLinked(elf);
  const std::string_view bytes = elf.Contents(object.btf);
  if (bytes.empty() || object.symbols.sh_type != SHT_SYMTAB) return;
  const std::unique_ptr<btf, decltype(&btf__free)> types(
      btf__new(bytes.data(), static_cast<__u32>(bytes.size())), btf__free);
  if (types == nullptr) return;
  const Symbols symbols = DefinedSymbols(elf, object.symbols);
  __u32 size = 0;
  // SAFETY: libbpf's copy of the section, in the same order, where its types point into; it is written to
  // nowhere here, and gone with `types`. Bytes of another byte order are turned, and never found equal.
  const auto* const copy = static_cast<const char*>(btf__raw_data(types.get(), &size));
  if (copy == nullptr || size != bytes.size() || std::memcmp(copy, bytes.data(), size) != 0) return;

  const auto set = [&](const __u32& member, std::uint64_t value) {
    const auto place = static_cast<std::size_t>(reinterpret_cast<const char*>(&member) - copy);
    const auto narrow = static_cast<__u32>(value);
    if (narrow != value || place > size - sizeof narrow) return;
    std::memcpy(image.data() + object.btf.sh_offset + place, &narrow, sizeof narrow);
  };
  std::string problems;
  for (__u32 id = 1; id < btf__type_cnt(types.get()); id++) {
    const btf_type* const section = btf__type_by_id(types.get(), id);
    // libbpf itself takes the offsets of a section whose size is not known from the symbols.
    if (!btf_is_datasec(section) || section->size == 0) continue;
    const char* const section_name = btf__name_by_offset(types.get(), section->name_off);
    for (int i = 0; i < btf_vlen(section); i++) {
      const btf_var_secinfo& entry = btf_var_secinfos(section)[i];
      const btf_type* const variable = btf__type_by_id(types.get(), entry.type);
      if (variable == nullptr || !btf_is_var(variable)) continue;
      if (btf_var(variable)->linkage != BTF_VAR_GLOBAL_ALLOCATED) continue;
      const char* const name = btf__name_by_offset(types.get(), variable->name_off);
      const auto symbol = name == nullptr ? symbols.end() : symbols.find(name);
      if (symbol == symbols.end() || section_name == nullptr) continue;
      const auto& [text, found] = *symbol;
      const std::string_view place = elf.NameOf(elf.Section(found.st_shndx));
      if (place != section_name) {
        problems += problems.empty() ? "" : ", ";
        problems +=
            "'" + std::string(name) + "' is in " + std::string(place) + ", but BTF has it in " + section_name;
        continue;
      }
      if (entry.offset != found.st_value) set(entry.offset, found.st_value);
      // More than its type's, of a flexible array with elements; the linker writes the type's.
      if (found.st_size > entry.size) set(entry.size, found.st_size);
    }
  }
  if (problems.empty()) return;
  throw Failure{Failure::Kind::kElf, "bpf_object__open", 0, subject,
                problems + ": link the object anew (libbpf-subskel gen object)"};
}

}  // namespace subskel
