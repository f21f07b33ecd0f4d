# Settings of every target, ours and the C libraries': position-independent, nothing exported, dead code dropped.
{
  'target_defaults': {
    'cflags': ['-Os', '-fPIC', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections'],
    'cflags_c': ['-std=gnu11'],
    # Node's own defaults ask for gnu++20 or later from version 22 on; C++17 is what the addon is written in.
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fno-exceptions', '-fno-rtti'],
    'cflags_cc': ['-std=c++17', '-fexceptions'],
    # For size: the addon has to stay below 1 MB, and -O3, node-gyp's default, makes it half as large again.
    'cflags!': ['-fno-exceptions', '-O3'],
  },
}
