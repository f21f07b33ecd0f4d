{
  'includes': ['deps/flags.gypi'],
  'targets': [{
    'target_name': 'libbpf_subskel',
    'product_name': 'libbpf_subskel',
    # The list that CMakeLists.txt reads, too.
    'sources': ['<!@(cat src/sources.txt)'],
    'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")', 'src'],
    'dependencies': [
      'deps/libbpf/libbpf.gyp:bpf',
      'deps/elfutils/elfutils.gyp:elf',
      'deps/zlib/zlib.gyp:zlib',
    ],
    'defines': [
      'NAPI_VERSION=9',
      'NAPI_CPP_EXCEPTIONS',
      'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      'NODE_ADDON_API_DISABLE_DEPRECATED',
      'NODE_ADDON_API_REQUIRE_BASIC_FINALIZERS',
      '_GNU_SOURCE',
    ],
    'cflags_cc': ['-Wall', '-Wextra', '-Wno-cast-function-type'],
    'ldflags': [
      '-static-libstdc++',
      '-static-libgcc',
      '-Wl,--gc-sections',
      '-Wl,--version-script=<(module_root_dir)/src/exports.map',
      '-Wl,-Bsymbolic',
      '-Wl,-z,relro,-z,now,-z,nodelete',
    ],
  }],
}
