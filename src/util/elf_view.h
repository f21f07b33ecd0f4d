#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace subskel {

/// Reads a 64-bit ELF file of this machine's byte order in memory. What lies outside of the file reads as
/// zeroes, or as nothing: whatever the bytes are, no others are read.
class ElfView {
 public:
  ElfView(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {
    constexpr unsigned char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
    const auto header = At<Elf64_Ehdr>(0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != order || header.e_shentsize != sizeof(Elf64_Shdr)) {
      return;
    }
    table_ = header.e_shoff;
    // With very many sections the real numbers are in the first section header.
    const auto first = At<Elf64_Shdr>(table_);
    count_ = header.e_shnum == 0 ? first.sh_size : header.e_shnum;
    if (count_ > size / sizeof(Elf64_Shdr)) count_ = 0;
    names_ = Contents(Section(header.e_shstrndx == SHN_XINDEX ? first.sh_link : header.e_shstrndx));
  }

  /// Sections, the null section among them.
  std::size_t count() const noexcept { return count_; }

  Elf64_Shdr Section(std::size_t index) const {
    return index < count_ ? At<Elf64_Shdr>(table_ + index * sizeof(Elf64_Shdr)) : Elf64_Shdr{};
  }

  std::string_view NameOf(const Elf64_Shdr& section) const { return Text(names_, section.sh_name); }

  std::string_view Contents(const Elf64_Shdr& section) const {
    if (section.sh_type == SHT_NOBITS) return {};
    if (section.sh_offset > size_ || section.sh_size > size_ - section.sh_offset) return {};
    return {reinterpret_cast<const char*>(data_) + section.sh_offset, section.sh_size};
  }

  /// The string that begins at `offset` of a string table.
  static std::string_view Text(std::string_view table, std::size_t offset) {
    if (offset >= table.size()) return {};
    const std::string_view rest = table.substr(offset);
    const std::size_t end = rest.find('\0');
    return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
  }

  template <typename T>
  T At(std::uint64_t offset) const {
    T value = {};
    if (offset <= size_ && sizeof(T) <= size_ - offset) std::memcpy(&value, data_ + offset, sizeof(T));
    return value;
  }

 private:
  const std::uint8_t* const data_;
  const std::size_t size_;
  std::uint64_t table_ = 0;
  std::size_t count_ = 0;
  std::string_view names_;
};

}  // namespace subskel
