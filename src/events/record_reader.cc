#include "events/record_reader.h"

#include <utility>

#include "util/args.h"

namespace subskel {

void RecordReader::Watch(const Napi::CallbackInfo& info) {
  const int fd = WatchedFd();
  const std::uint32_t mode = args::Uint32(info[0], "mode");
  if (mode > static_cast<std::uint32_t>(UvWatch::Mode::kPoll)) args::Refuse("mode", "0 to 2");
  const auto wanted = static_cast<UvWatch::Mode>(mode);
  const bool calls = wanted == UvWatch::Mode::kPoll;
  if (calls && !info[1].IsFunction()) args::Refuse("callback", "a function");
  if (watch_ == nullptr) {
    if (wanted == UvWatch::Mode::kStopped) return;
    watch_ = UvWatch::Open(info.Env(), fd, this);
  }
  if (calls) {
    callback_.Keep(info[1].As<Napi::Function>());
  } else {
    watch_->Set(UvWatch::Spin::kNever);
    callback_.Reset();
  }
  watch_->Set(wanted);
}

void RecordReader::Spin(const Napi::CallbackInfo& info) {
  const bool always = args::Boolean(info[0], "always");
  if (watch_ == nullptr || callback_.empty()) return;
  if (always) {
    watch_->Set(UvWatch::Spin::kAlways);
  } else {
    watch_->Set(HasData() ? UvWatch::Spin::kOnce : UvWatch::Spin::kNever);
  }
}

void RecordReader::Reference(const Napi::CallbackInfo& info) {
  const bool on = args::Boolean(info[0], "on");
  if (watch_ != nullptr) watch_->Reference(on);
}

void RecordReader::EndWatch() noexcept {
  if (watch_ != nullptr) std::exchange(watch_, nullptr)->Close();
}

RecordIndex MakeRecordIndex(std::uint32_t records) {
  return RecordIndex(new std::uint32_t[2 * static_cast<std::size_t>(records)]());
}

}  // namespace subskel
