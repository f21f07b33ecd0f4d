/** Every command with its options. Help, completion and the check of docs/generator.md are made from this. */
import type { CommandSpec, OptionSpec, OptionSpecs } from './command/command';

const HELP: OptionSpecs = { help: { type: 'boolean', short: 'h', help: 'Show this text.' } };

const OUTPUT: OptionSpecs = {
  out: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    help: "Write to FILE; '-' is standard output, the default.",
  },
  'out-dir': {
    type: 'string',
    value: 'DIR',
    help: 'Write one module for each input into DIR, which is made if need be.',
  },
};

const MODULE: OptionSpecs = {
  name: { type: 'string', short: 'n', value: 'NAME', help: "The object's name; by default the file's." },
  lang: {
    type: 'string',
    choices: ['ts', 'js'],
    help: 'TypeScript (default), or JavaScript with a .d.ts beside it.',
  },
  module: {
    type: 'string',
    choices: ['esm', 'cjs'],
    help: 'The module format where it matters; by default the extension of the output or the nearest package.json tells.',
  },
  type: {
    type: 'string',
    short: 't',
    value: 'NAME',
    multiple: true,
    help: "Also emit this type ('struct event', or just 'event'), which no variable or map reaches. Repeatable.",
  },
  omit: {
    type: 'string',
    value: 'PATTERN',
    multiple: true,
    help: "Leave out maps, variables and programs of this name; '*' is anything. Repeatable.",
  },
  check: {
    type: 'string',
    choices: ['layout', 'size', 'off'],
    help: "How closely open() compares the object's types with the module's; default layout.",
  },
  int64: {
    type: 'string',
    choices: ['bigint', 'number'],
    help: '64-bit integers in map keys, map values and records; default bigint.',
  },
};

const SKELETON: OptionSpecs = {
  embed: { type: 'boolean', help: 'Embed the object in the skeleton (the default).' },
  object: {
    type: 'string',
    value: 'PATH',
    help: 'Do not embed the object: the skeleton reads it from PATH, relative to the module.',
  },
};

export const COMMANDS: readonly CommandSpec[] = [
  {
    path: ['gen', 'subskeleton'],
    summary: 'Write the typed module for a BPF library',
    about: [
      "Writes a module for a library's part of whatever final object the library is linked into. FILE is the " +
        "library's compiled object. It need not be linked: what it only declares is included, and marked as such.",
    ],
    usage: ['FILE [name NAME] [OPTIONS]', 'FILE… --out-dir DIR [OPTIONS]'],
    options: { ...OUTPUT, ...MODULE, ...HELP },
    examples: [
      'libbpf-subskel gen subskeleton request_stats.bpf.o --out src/request_stats.subskel.ts',
      "libbpf-subskel gen subskeleton request_stats.bpf.o --type 'struct event' > stats.ts",
      'libbpf-subskel gen subskeleton request_stats.bpf.o name stats',
      'libbpf-subskel gen subskeleton lib/*.bpf.o --out-dir src/generated',
    ],
    completes: 'object',
    load: () => (require('./commands/gen-module') as typeof import('./commands/gen-module')).subskeleton,
  },
  {
    path: ['gen', 'skeleton'],
    summary: 'Write the typed module for a whole BPF object',
    about: [
      'Writes a module that opens, loads, attaches and closes the object itself. The object is embedded in the ' +
        'module, compressed; with --object the module reads it from a file.',
    ],
    usage: ['FILE [name NAME] [OPTIONS]', 'FILE… --out-dir DIR [OPTIONS]'],
    options: { ...OUTPUT, ...MODULE, ...SKELETON, ...HELP },
    examples: [
      'libbpf-subskel gen skeleton agent.bpf.o --out src/agent.skel.ts',
      'libbpf-subskel gen skeleton agent.bpf.o --object ../bpf/agent.bpf.o --out src/agent.skel.ts',
      'libbpf-subskel gen skeleton agent.bpf.o --lang js --module esm --out agent.skel.js',
    ],
    completes: 'object',
    load: () => (require('./commands/gen-module') as typeof import('./commands/gen-module')).skeleton,
  },
  {
    path: ['gen', 'object'],
    summary: 'Link BPF objects into one',
    about: [
      "Links with libbpf's own linker, as bpftool does, in a process of its own. Linking is repeated until the " +
        'offsets in BTF agree with the symbol table: one pass with a weak definition first can leave them stale.',
    ],
    usage: ['OUTPUT INPUT…'],
    options: { ...HELP },
    examples: ['libbpf-subskel gen object agent.bpf.o app.bpf.o request_stats.bpf.o'],
    completes: 'object',
    load: () => (require('./commands/gen-object') as typeof import('./commands/gen-object')).run,
  },
  {
    path: ['gen', 'vmlinux'],
    summary: "Write vmlinux.h: the kernel's types as C",
    about: [
      'Writes the declarations of all types in a BTF file, as `bpftool btf dump file FILE format c` does.',
    ],
    usage: ['[OPTIONS]'],
    options: {
      out: OUTPUT['out'] as OptionSpec,
      btf: {
        type: 'string',
        value: 'FILE',
        help: 'Raw BTF, or an ELF file with a .BTF section; by default /sys/kernel/btf/vmlinux, the running kernel.',
      },
      base: {
        type: 'string',
        value: 'FILE',
        help: "The BTF that a module's (/sys/kernel/btf/MODULE) builds on.",
      },
      ...HELP,
    },
    examples: ['libbpf-subskel gen vmlinux --out src/vmlinux.h'],
    completes: 'none',
    load: () => (require('./commands/gen-vmlinux') as typeof import('./commands/gen-vmlinux')).run,
  },
  {
    path: ['inspect'],
    summary: 'Say what is in a BPF object',
    about: [
      'Shows the programs of compiled objects with what libbpf takes them for, their maps, variables by section, what ' +
        'they want of the kernel and of other objects, and the types that these have. Nothing is loaded: it needs neither ' +
        'root nor the addon, and works on any system.',
      'Instead of files, `prog`, `map`, `link` or `btf` shows what the kernel has now: all of a kind, or those with the given ' +
        'ids in full, programs with their lines of source, BTF as C. That needs root.',
    ],
    usage: ['FILE… [OPTIONS]', 'prog|map|link|btf [ID…] [--json]'],
    options: {
      types: { type: 'boolean', short: 't', help: 'Also write the definitions of types, with offsets.' },
      json: { type: 'boolean', help: 'Write JSON: an array with an object for each FILE, or each ID.' },
      ...HELP,
    },
    examples: [
      'libbpf-subskel inspect agent.bpf.o',
      'libbpf-subskel inspect lib/*.bpf.o --json',
      'libbpf-subskel inspect prog',
      'libbpf-subskel inspect map 17 --json',
    ],
    completes: 'object',
    load: () => (require('./commands/inspect') as typeof import('./commands/inspect')).run,
  },
  {
    path: ['run'],
    summary: 'Load a BPF object, attach it, print its records',
    about: [
      'Loads an object and attaches its programs where their sections say, until Ctrl-C. What they put into ring buffers and ' +
        'perf event arrays is written as lines of JSON: { "map", "record" }. 64-bit integers are strings, and records of a ' +
        'map without --records are bytes in hex. Needs root.',
    ],
    usage: ['FILE [OPTIONS]'],
    options: {
      set: {
        type: 'string',
        short: 's',
        value: 'NAME=VALUE',
        multiple: true,
        help: 'Set a variable before load: a number, true, text, or JSON for structs and arrays. Repeatable.',
      },
      records: {
        type: 'string',
        short: 'r',
        value: 'MAP=TYPE',
        multiple: true,
        help: "What the records of a map are: --records 'events=struct event'. Repeatable.",
      },
      only: {
        type: 'string',
        value: 'PROGRAM',
        multiple: true,
        help: 'Load and attach this program, and no others. Repeatable.',
      },
      count: { type: 'string', short: 'c', value: 'N', help: 'End after so many records.' },
      verbose: {
        type: 'boolean',
        short: 'v',
        help: 'If the object does not load, or a program does not attach, write all that libbpf and the verifier said.',
      },
      duration: { type: 'string', short: 'd', value: 'SECONDS', help: 'End after so long.' },
      ...HELP,
    },
    examples: [
      "libbpf-subskel run agent.bpf.o --set target_pid=1 --records 'events=struct event'",
      'libbpf-subskel run agent.bpf.o --only on_exec --duration 10',
    ],
    completes: 'object',
    load: () => (require('./commands/run-object') as typeof import('./commands/run-object')).run,
  },
  {
    path: ['doctor'],
    summary: 'Say what this host can do for BPF, and what it lacks',
    about: [
      'Looks at the kernel, the native addon, BTF, capabilities, lockdown, limits and mounts, and tries which types of ' +
        'programs, maps and links the kernel knows. Needs neither root nor the addon. The exit status is 1 if nothing ' +
        'could be loaded here.',
    ],
    usage: ['[OPTIONS]'],
    options: { json: { type: 'boolean', help: 'Write JSON: { ok, checks }.' }, ...HELP },
    examples: ['libbpf-subskel doctor', 'libbpf-subskel doctor --json'],
    completes: 'none',
    load: () => (require('./commands/doctor') as typeof import('./commands/doctor')).run,
  },
  {
    path: ['build'],
    summary: 'Compile, link and generate in one go',
    about: [
      "Compiles BPF sources with clang (-g -O2 -target bpf, the right __TARGET_ARCH, libbpf's headers), links them and " +
        'other objects into one without debug information, generates its module and writes a depfile for make. Only what ' +
        'has changed is built; files that would be the same are not touched.',
      'Libraries from npm are found as Node.js finds packages: those whose headers are included (#include <PACKAGE/file.h>), ' +
        'those that --link names, and what they depend on.',
    ],
    usage: ['SOURCE.bpf.c… [OBJECT.bpf.o…] [OPTIONS]'],
    options: {
      out: {
        type: 'string',
        short: 'o',
        value: 'DIR',
        help: "Where NAME.bpf.o and the module go; default the first source's folder.",
      },
      link: {
        type: 'string',
        short: 'l',
        value: 'PACKAGE',
        multiple: true,
        help: 'Link this library package, of which no header is included. Repeatable.',
      },
      kind: {
        type: 'string',
        short: 'k',
        choices: ['skeleton', 'subskeleton', 'none'],
        help: 'What to generate; default skeleton.',
      },
      ...MODULE,
      ...SKELETON,
      cflags: {
        type: 'string',
        value: 'FLAGS',
        multiple: true,
        dashes: true,
        help: "More flags for clang, in one word: --cflags '-Wall -I include'. Repeatable.",
      },
      arch: {
        type: 'string',
        value: 'ARCH',
        help: "The machine the object is for, by the kernel's name (x86, arm64, …); default: this one.",
      },
      clang: { type: 'string', value: 'PATH', help: 'The compiler; by default $CLANG, or clang.' },
      depfile: { type: 'string', value: 'FILE', help: 'Where the depfile goes; default DIR/NAME.d.' },
      'print-cflags': {
        type: 'boolean',
        help: "Print clang's flags, libraries' headers included, for editors and makefiles; build nothing.",
      },
      'compile-commands': {
        type: 'string',
        value: 'FILE',
        help: 'Also write the sources into this compile_commands.json; the rest of the file stays.',
      },
      watch: {
        type: 'boolean',
        short: 'w',
        help: 'Build again whenever a source, a header or a library changes.',
      },
      quiet: { type: 'boolean', short: 'q', help: 'Say nothing unless something fails.' },
      ...HELP,
    },
    examples: [
      'libbpf-subskel build src/agent.bpf.c --out src/generated',
      'libbpf-subskel build src/lib.bpf.c --kind subskeleton --out src/generated',
      'libbpf-subskel build src/agent.bpf.c vendor/lib.bpf.o --link @x/bpf-latency --out src/generated',
      "libbpf-subskel build src/app.bpf.c src/lib.bpf.c --name agent --out build --cflags '-Wall -I include'",
      'libbpf-subskel build src/agent.bpf.c --out src/generated --watch',
    ],
    completes: 'source',
    load: () => (require('./commands/build') as typeof import('./commands/build')).run,
  },
  {
    path: ['build-addon'],
    summary: 'Compile the native addon for this machine',
    about: [
      'For machines that the package has no binary for: compiles libbpf, libelf, zlib and the addon. Needs bash, g++, ' +
        'make, python3, npm and the network; the C sources are checked against the checksums in the package.',
    ],
    usage: ['[--out FILE]'],
    options: {
      out: {
        type: 'string',
        short: 'o',
        value: 'FILE',
        help: 'Where the binary goes; by default into the package, where it is found.',
      },
      ...HELP,
    },
    examples: [
      'libbpf-subskel build-addon',
      'libbpf-subskel build-addon --out /usr/local/lib/libbpf_subskel.node',
    ],
    completes: 'none',
    load: () => (require('./commands/build-addon') as typeof import('./commands/build-addon')).run,
  },
  {
    path: ['completion'],
    summary: 'Print the completion script for a shell',
    about: ['Prints a script that completes commands, options and files.'],
    usage: ['bash|zsh|fish'],
    options: { ...HELP },
    examples: [
      'source <(libbpf-subskel completion bash)',
      'libbpf-subskel completion zsh > "${fpath[1]}/_libbpf-subskel"',
      'libbpf-subskel completion fish > ~/.config/fish/completions/libbpf-subskel.fish',
    ],
    completes: 'shell',
    load: () => (require('./commands/completion') as typeof import('./commands/completion')).run,
  },
];

/** Groups of commands, by their first word. */
export const GROUPS: Readonly<Record<string, string>> = {
  gen: 'Generate typed modules, link objects, write vmlinux.h.',
};
