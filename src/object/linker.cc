#include "object/linker.h"

#include <bpf/libbpf.h>

#include <memory>

#include "util/args.h"
#include "util/call.h"

namespace subskel {

void Link(const Napi::CallbackInfo& info) {
  const std::string output = args::Text(info[0], "output");
  const std::vector<std::string> inputs = args::Texts(info[1], "inputs");
  // SAFETY: bpf_linker__free also closes and forgets what a failed add or finalize leaves behind.
  const std::unique_ptr<bpf_linker, decltype(&bpf_linker__free)> linker(
      CallPointer(info.Env(), "bpf_linker__new", "file '" + output + "'", bpf_linker__new, output.c_str(),
                  nullptr),
      bpf_linker__free);
  for (const std::string& input : inputs) {
    CallInt(info.Env(), "bpf_linker__add_file", "file '" + input + "'", bpf_linker__add_file, linker.get(),
            input.c_str(), nullptr);
  }
  CallInt(info.Env(), "bpf_linker__finalize", "file '" + output + "'", bpf_linker__finalize, linker.get());
}

}  // namespace subskel
