{
  'includes': ['../flags.gypi'],
  'targets': [{
    'target_name': 'zlib',
    'type': 'static_library',
    'sources': ['<!@(ls src/*.c)'],
    'defines': ['HAVE_UNISTD_H', 'HAVE_HIDDEN', '_LARGEFILE64_SOURCE=1'],
    'include_dirs': ['src'],
    'cflags': ['-w'],
    'direct_dependent_settings': { 'include_dirs': ['src'] },
  }],
}
