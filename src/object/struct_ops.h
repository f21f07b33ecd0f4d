#pragma once

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace subskel {

/// libbpf's shadow of a struct_ops variable: its bytes as the object's own BTF lays them out, but with the
/// address of a bpf_program where the source has a function. libbpf reads it while it loads the object.
/// Addresses neither come out nor go in: a function is named by the program.
class StructOpsShadow {
 public:
  /// Throws an 'argument' failure for maps of any other type.
  StructOpsShadow(bpf_object* object, const bpf_map* map, const std::string& subject);

  struct Function {
    std::uint32_t offset;
    /// Null for none.
    const bpf_program* program;
  };

  /// Bytes.
  std::size_t size() const { return type_->size; }
  /// All of it, with zeros for pointers.
  void Read(std::uint8_t* to) const;
  /// All of it but the pointers, which stay as they are.
  void Write(const std::uint8_t* from) const;
  std::vector<Function> Functions() const;
  /// Throws an 'argument' failure where there is no function at `offset`, or where the program is none of
  /// struct_ops.
  void SetProgram(std::uint32_t offset, bpf_program* program) const;

 private:
  bool IsPointer(const btf_member& member, bool to_function) const;
  const bpf_program* ProgramAt(std::uint32_t offset) const;

  bpf_object* object_;
  const std::string subject_;
  const btf* types_;
  const btf_type* type_ = nullptr;
  std::uint8_t* data_ = nullptr;
};

}  // namespace subskel
