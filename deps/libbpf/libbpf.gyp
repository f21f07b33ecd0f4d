{
  'includes': ['../flags.gypi'],
  'targets': [{
    'target_name': 'bpf',
    'type': 'static_library',
    'sources': ['<!@(ls src/src/*.c)'],
    'defines': ['_GNU_SOURCE', '_LARGEFILE64_SOURCE', '_FILE_OFFSET_BITS=64'],
    'include_dirs': ['src/include', 'src/include/uapi', 'src/src'],
    'cflags': ['-w'],
    'dependencies': ['../elfutils/elfutils.gyp:elf', '../zlib/zlib.gyp:zlib'],
    # include/bpf is a link to the library's headers, so that they are <bpf/libbpf.h> as everywhere else.
    'direct_dependent_settings': { 'include_dirs': ['include', 'src/include/uapi'] },
  }],
}
