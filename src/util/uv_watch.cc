#include "util/uv_watch.h"

#include <cerrno>
#include <new>
#include <utility>

#include "util/errors.h"

namespace subskel {

UvWatch* UvWatch::Open(napi_env env, int fd, Target* target) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    throw UnsupportedFailure("napi_get_uv_event_loop", "",
                             "this JavaScript runtime has no event loop of libuv: run in Node.js");
  }
  auto* const watch = new UvWatch(env, target);
  const int error = uv_poll_init(loop, &watch->poll_, fd);
  if (error != 0) {
    delete watch;
    throw BpfFailure("uv_poll_init", -error, "");
  }
  uv_idle_init(loop, &watch->idle_);
  watch->open_handles_ = 2;
  // SAFETY: the handles point back to the watch, which lives until OnClosed has come for both.
  watch->poll_.data = watch;
  watch->idle_.data = watch;
  // Without it, Node would end a worker under live handles, and abort.
  if (napi_add_async_cleanup_hook(env, OnEnvironmentEnds, watch, &watch->hook_) != napi_ok) {
    watch->hook_ = nullptr;
    watch->Close();
    throw UnsupportedFailure("napi_add_async_cleanup_hook", "", "this environment is being torn down");
  }
  return watch;
}

void UvWatch::Set(Mode mode) noexcept {
  if (closing_ || mode == mode_) return;
  mode_ = mode;
  settling_ = 0;
  switch (mode) {
    case Mode::kStopped:
      uv_poll_stop(&poll_);
      break;
    case Mode::kIdle:
      // An epoll descriptor never hangs up: active, and never called.
      uv_poll_start(&poll_, UV_DISCONNECT, OnPoll);
      break;
    case Mode::kPoll:
      uv_poll_start(&poll_, UV_READABLE, OnPoll);
      // libuv adds the descriptor to its epoll in the next turn only, and adding asks perf buffers whether
      // they are readable: they say so once, and epoll_wait, which asks again, would not report it.
      settling_ = 2;
      Set(spin_ == Spin::kAlways ? Spin::kAlways : Spin::kOnce);
      break;
  }
}

void UvWatch::Set(Spin spin) noexcept {
  if (spin == Spin::kNever && settling_ > 0) spin = Spin::kOnce;
  if (closing_ || spin == spin_) return;
  spin_ = spin;
  if (spin == Spin::kNever) {
    uv_idle_stop(&idle_);
  } else {
    uv_idle_start(&idle_, OnIdle);
  }
}

void UvWatch::Reference(bool on) noexcept {
  if (closing_) return;
  auto* const poll = reinterpret_cast<uv_handle_t*>(&poll_);
  auto* const idle = reinterpret_cast<uv_handle_t*>(&idle_);
  if (on) {
    uv_ref(poll);
    uv_ref(idle);
  } else {
    uv_unref(poll);
    uv_unref(idle);
  }
}

void UvWatch::Close() noexcept {
  target_ = nullptr;
  if (std::exchange(closing_, true)) return;
  // Takes the descriptor out of the loop's epoll at once: it may be closed after this.
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
  uv_close(reinterpret_cast<uv_handle_t*>(&idle_), OnClosed);
}

void UvWatch::OnPoll(uv_poll_t* handle, int, int) {
  auto* const watch = static_cast<UvWatch*>(handle->data);
  // SAFETY: nothing of the watch is touched after this call.
  if (watch->target_ != nullptr && watch->mode_ == Mode::kPoll) watch->target_->OnReadable();
}

void UvWatch::OnIdle(uv_idle_t* handle) {
  auto* const watch = static_cast<UvWatch*>(handle->data);
  if (watch->target_ == nullptr) return;
  if (watch->target_->HasData()) {
    // SAFETY: as in OnPoll.
    watch->target_->OnReadable();
  } else if (watch->settling_ > 0) {
    watch->settling_--;
  } else if (watch->spin_ == Spin::kOnce) {
    watch->Set(Spin::kNever);
  }
}

void UvWatch::OnClosed(uv_handle_t* handle) {
  auto* const watch = static_cast<UvWatch*>(handle->data);
  if (--watch->open_handles_ > 0) return;
  if (watch->hook_ != nullptr) napi_remove_async_cleanup_hook(watch->hook_);
  delete watch;
}

// SAFETY: runs before the environment's own data and finalizers go. Node turns the loop until the hook is
// removed, which OnClosed does, so that no handle outlives the loop.
void UvWatch::OnEnvironmentEnds(napi_async_cleanup_hook_handle, void* data) {
  auto* const watch = static_cast<UvWatch*>(data);
  Target* const target = std::exchange(watch->target_, nullptr);
  if (target != nullptr) target->OnLoopEnds();
  watch->Close();
}

}  // namespace subskel
