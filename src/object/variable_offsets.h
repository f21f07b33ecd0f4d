#pragma once

#include <string>

#include "object/object_image.h"

namespace subskel {

/// BTF says where a linked object's variables and maps are, and libbpf believes it. Where a strong definition
/// took the place of a weak one, libbpf's linker leaves the weak one's offset there, while the symbol table
/// has the right one (another pass through the linker corrects that). Gives BTF the symbols' offsets and
/// sizes, before libbpf reads it.
///
/// Throws an 'elf' failure, naming `subject`, where a symbol is in another section than BTF says: that
/// cannot be corrected in place. Does nothing to an object that is as its compiler left it, and to a damaged
/// one.
void CorrectVariableOffsets(const ObjectImage& image, const std::string& subject);

}  // namespace subskel
