#pragma once

#include <bpf/libbpf.h>

#include <cstddef>
#include <cstdint>
#include <string>

/// Preconditions of libbpf that it does not check itself, so that no argument can make it touch memory that
/// is not the map's.
namespace subskel {

/// libbpf's memory of a data section, before load its initial image.
struct Image {
  void* data = nullptr;
  std::size_t size = 0;
};

/// Nothing for maps without one, for struct_ops, and for a loaded arena: libbpf reports the arena's first
/// page instead of where the variables are.
Image ImageOf(const bpf_map* map);

/// The ELF section of an internal map, else ''. libbpf knows it but does not tell.
std::string SectionOf(const bpf_object* object, const bpf_map* map);

void CheckMaxEntries(const bpf_map* map, std::uint32_t count, const std::string& subject);
void CheckValueSize(const bpf_object* object, const bpf_map* map, std::uint32_t size,
                    const std::string& subject);
/// Throws for maps whose definition libbpf itself goes by: of those no more than the size can be changed.
void CheckDefinable(const bpf_map* map, const std::string& subject);
/// Throws for types of such maps: no other map may become one.
void CheckOrdinaryType(std::uint32_t type, const std::string& subject);
void CheckReuse(const bpf_map* map, int fd, const std::string& subject);

}  // namespace subskel
