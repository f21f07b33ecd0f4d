#pragma once

#include <node_api.h>
#include <uv.h>

namespace subskel {

/// Tells a reader, on the thread of its event loop, that its file descriptor has become readable. Ends by
/// itself with its environment. Lives on the heap and deletes itself, because the loop keeps the handles
/// until some turns after they were closed.
class UvWatch {
 public:
  class Target {
   public:
    /// May destroy the target, and close the watch.
    virtual void OnReadable() noexcept = 0;
    /// For busy polling: whether OnReadable is worth calling.
    virtual bool HasData() const noexcept = 0;
    /// The watch is gone: the event loop ends.
    virtual void OnLoopEnds() noexcept = 0;

   protected:
    ~Target() = default;
  };

  /// Watches `fd`, which must stay open until Close(). Throws a Failure.
  static UvWatch* Open(napi_env env, int fd, Target* target);

  /// Idle: nothing is called, but while it is referenced, the process stays alive.
  enum class Mode { kStopped, kIdle, kPoll };
  /// Asks HasData() in every turn of the event loop, which does not sleep meanwhile. Once: until there is
  /// none.
  enum class Spin { kNever, kOnce, kAlways };
  void Set(Mode mode) noexcept;
  void Set(Spin spin) noexcept;
  void Reference(bool on) noexcept;
  /// The target is not called again.
  void Close() noexcept;

 private:
  UvWatch(napi_env env, Target* target) noexcept : env_(env), target_(target) {}
  ~UvWatch() = default;

  static void OnPoll(uv_poll_t* handle, int status, int events);
  static void OnIdle(uv_idle_t* handle);
  static void OnClosed(uv_handle_t* handle);
  static void OnEnvironmentEnds(napi_async_cleanup_hook_handle hook, void* data);

  const napi_env env_;
  Target* target_;
  uv_poll_t poll_ = {};
  uv_idle_t idle_ = {};
  int open_handles_ = 0;
  bool closing_ = false;
  Mode mode_ = Mode::kStopped;
  Spin spin_ = Spin::kNever;
  /// Turns of the event loop in which HasData() is asked in any case.
  int settling_ = 0;
  napi_async_cleanup_hook_handle hook_ = nullptr;
};

}  // namespace subskel
