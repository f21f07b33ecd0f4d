#include "kernel/btf_dump.h"

#include <bpf/btf.h>

#include <cstdarg>
#include <cstdio>
#include <memory>
#include <new>
#include <string>

#include "util/args.h"
#include "util/call.h"

namespace subskel {

namespace {

using Types = std::unique_ptr<btf, decltype(&btf__free)>;

Types Parse(napi_env env, const std::string& file, btf* base) {
  // SAFETY: btf__free takes NULL. A split BTF points to its base, which its owner keeps until after it.
  return {CallPointer(env, base == nullptr ? "btf__parse" : "btf__parse_split", "file '" + file + "'",
                      btf__parse_split, file.c_str(), base),
          btf__free};
}

struct Output {
  std::string text;
  /// libbpf's C frames are between the printer and us, which no exception may cross.
  bool out_of_memory = false;
};

void Append(Output& output, const char* format, std::va_list values) {
  char piece[512];
  std::va_list again;
  va_copy(again, values);
  const int length = std::vsnprintf(piece, sizeof piece, format, again);
  va_end(again);
  if (length <= 0) return;
  const auto size = static_cast<std::size_t>(length);
  if (size < sizeof piece) {
    output.text.append(piece, size);
    return;
  }
  const std::size_t before = output.text.size();
  // One more: vsnprintf writes a NUL behind.
  output.text.resize(before + size + 1);
  std::vsnprintf(&output.text[before], size + 1, format, values);
  output.text.resize(before + size);
}

/// SAFETY: `context` is the Output that DumpBtf keeps until the dump is freed.
void Print(void* context, const char* format, std::va_list values) noexcept {
  auto& output = *static_cast<Output*>(context);
  if (output.out_of_memory) return;
  try {
    Append(output, format, values);
  } catch (const std::exception&) {
    output.out_of_memory = true;
  }
}

}  // namespace

Napi::Value DumpBtf(const Napi::CallbackInfo& info) {
  const std::string file = args::Text(info[0], "file");
  const bool split = !info[1].IsNull();
  const std::string base_file = split ? args::Text(info[1], "base") : std::string();
  const Types base(split ? Parse(info.Env(), base_file, nullptr) : Types(nullptr, btf__free));
  const Types types = Parse(info.Env(), file, base.get());
  Output output;
  const std::string subject = "file '" + file + "'";
  const std::unique_ptr<btf_dump, decltype(&btf_dump__free)> dump(
      CallPointer(info.Env(), "btf_dump__new", subject, btf_dump__new, types.get(), Print, &output, nullptr),
      btf_dump__free);
  CallInt(info.Env(), "btf_dump__dump_type", subject, [&] {
    const __u32 count = btf__type_cnt(types.get());
    for (__u32 id = 1; id < count; id++) {
      if (const int result = btf_dump__dump_type(dump.get(), id); result < 0) return result;
    }
    return 0;
  });
  if (output.out_of_memory) throw std::bad_alloc();
  return Napi::String::New(info.Env(), output.text);
}

}  // namespace subskel
