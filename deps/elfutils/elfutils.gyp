{
  'includes': ['../flags.gypi'],
  'targets': [{
    'target_name': 'elf',
    'type': 'static_library',
    # All of libelf, and the one file of libeu that it needs.
    'sources': ['<!@(ls src/libelf/*.c)', 'src/lib/eu-search.c'],
    'defines': ['HAVE_CONFIG_H', '_GNU_SOURCE'],
    'include_dirs': ['.', 'src/libelf', 'src/lib'],
    'cflags': ['-w'],
    'dependencies': ['../zlib/zlib.gyp:zlib'],
    'direct_dependent_settings': { 'include_dirs': ['src/libelf'] },
  }],
}
