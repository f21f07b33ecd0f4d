/** Every command with its options. Help, completion and the check of docs/generator.md are made from this. */
import type { CommandSpec, OptionSpecs } from './command';

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
    options: {
      ...OUTPUT,
      ...MODULE,
      embed: { type: 'boolean', help: 'Embed the object in the module (the default).' },
      object: {
        type: 'string',
        value: 'PATH',
        help: 'Do not embed the object: the module reads it from PATH, relative to the module.',
      },
      ...HELP,
    },
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
];

/** Groups of commands, by their first word. */
export const GROUPS: Readonly<Record<string, string>> = {
  gen: 'Generate modules, link objects',
};
