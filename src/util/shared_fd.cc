#include "util/shared_fd.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <unordered_map>

#include "util/args.h"

namespace subskel {

namespace {

/// All threads' shares: the one thing that they have in common. Never destroyed, because threads may outlive
/// the main one's statics.
struct Shares {
  std::mutex mutex;
  std::unordered_map<std::string, int> fds;

  static Shares& Get() {
    static Shares* const shares = new Shares();
    return *shares;
  }
};

/// Nobody can guess it, and that of another process, or of a share that has ended, is nobody's.
std::string MakeToken() {
  std::uint64_t numbers[2];
  if (getrandom(numbers, sizeof numbers, 0) != sizeof numbers) throw BpfFailure("getrandom", errno, "token");
  char text[2 * 16 + 1];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(numbers[0]),
                static_cast<unsigned long long>(numbers[1]));
  return text;
}

}  // namespace

std::vector<napi_property_descriptor> SharedFd::Properties() {
  return {Getter<&SharedFd::Fd>("fd"), Getter<&SharedFd::Token>("token"), Method<&SharedFd::Close>("close")};
}

Napi::Value SharedFd::Share(const Napi::CallbackInfo& info) {
  const int given = args::FileDescriptor(info[0], "fd");
  UniqueFd fd = UniqueFd::Duplicate(given, "file descriptor " + std::to_string(given));
  std::string token = MakeToken();
  const int number = fd.get();
  auto share = std::make_unique<SharedFd>(std::move(fd), token);
  {
    Shares& shares = Shares::Get();
    const std::lock_guard<std::mutex> lock(shares.mutex);
    shares.fds.emplace(std::move(token), number);
  }
  return Adopt(info.Env(), std::move(share));
}

Napi::Value SharedFd::Find(const Napi::CallbackInfo& info) {
  const std::string token = args::Text(info[0], "token");
  UniqueFd fd;
  {
    Shares& shares = Shares::Get();
    // SAFETY: the owner closes its descriptor only after it has taken it out of here, under the same lock.
    const std::lock_guard<std::mutex> lock(shares.mutex);
    const auto found = shares.fds.find(token);
    if (found == shares.fds.end()) return info.Env().Null();
    fd = UniqueFd::Duplicate(found->second, "shared file descriptor");
  }
  return Adopt(info.Env(), std::make_unique<SharedFd>(std::move(fd), ""));
}

void SharedFd::Withdraw() noexcept {
  if (token_.empty()) return;
  Shares& shares = Shares::Get();
  const std::lock_guard<std::mutex> lock(shares.mutex);
  shares.fds.erase(token_);
  token_.clear();
}

void SharedFd::Close(const Napi::CallbackInfo& info) {
  Withdraw();
  fd_.Close();
}

}  // namespace subskel
