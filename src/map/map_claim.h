#pragma once

#include <cstdint>
#include <string>

namespace subskel {

/// That a map has one reader, or one producer, in this process, whatever the thread: two of them would give
/// records out twice, take each other's, or write over each other. Other processes are not seen.
class MapClaim {
 public:
  MapClaim() = default;
  /// Workers that end destroy their handles, and so give their claims back.
  ~MapClaim() { Give(); }
  MapClaim(const MapClaim&) = delete;
  MapClaim& operator=(const MapClaim&) = delete;

  /// Throws a BusyFailure of `subject` that says `why` while somebody else has the map. Twice is fine.
  void Take(std::uint32_t map, const std::string& subject, const char* why);
  void Give() noexcept;

 private:
  std::uint32_t map_ = 0;
  bool taken_ = false;
};

}  // namespace subskel
