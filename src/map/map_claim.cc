#include "map/map_claim.h"

#include <mutex>
#include <set>
#include <utility>

#include "util/errors.h"

namespace subskel {

namespace {

/// By the ids of the maps, which the kernel does not give twice while somebody has the map open.
struct Claims {
  std::mutex mutex;
  std::set<std::uint32_t> maps;

  /// Never destroyed: workers may outlast the main thread's static objects.
  static Claims& Get() {
    static Claims* const all = new Claims();
    return *all;
  }
};

}  // namespace

void MapClaim::Take(std::uint32_t map, const std::string& subject, const char* why) {
  if (taken_) return;
  Claims& claims = Claims::Get();
  const std::lock_guard<std::mutex> lock(claims.mutex);
  if (!claims.maps.insert(map).second) throw BusyFailure(subject, subject + " " + why);
  map_ = map;
  taken_ = true;
}

void MapClaim::Give() noexcept {
  if (!std::exchange(taken_, false)) return;
  Claims& claims = Claims::Get();
  const std::lock_guard<std::mutex> lock(claims.mutex);
  claims.maps.erase(map_);
}

}  // namespace subskel
