// In the place of the C++ runtime's demangler, which is an eighth of the binary: all that it is used for is
// to print the type of an exception that nobody caught, right before the process ends. The type is printed
// mangled.

#include <cstddef>

// NOLINTNEXTLINE(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp): the name is the C++ ABI's.
extern "C" char* __cxa_demangle(const char* /*name*/, char* /*buffer*/, std::size_t* /*length*/,
                                int* status) {
  // An invalid name: what callers then do is print it as it is. Itanium C++ ABI, 3.4.
  constexpr int kInvalidName = -2;
  if (status != nullptr) *status = kInvalidName;
  return nullptr;
}
