/** What helps against the reasons that libbpf gives itself, by the line that has them (readLog().reason). */
import { KNOWN_SECTIONS } from '../../uapi/section-programs';
import { suggest } from '../../util/suggest';
import { withoutRawTracepoint, withoutTracepoint } from './kernel-events';
import { hasKernelBtf } from './kernel';

type Remedy = string | ((...found: string[]) => string);

function unknownSection(program: string, section: string): string {
  const kind = section.replace(/^\?/, '').split('/', 1)[0] ?? '';
  const near = suggest(kind, KNOWN_SECTIONS);
  const meant = near === undefined || near === kind ? '' : ` (did you mean '${near}'?)`;
  return `libbpf does not know the section name '${kind}'${meant} of program '${program}': rename the section, or set the program's type before load()`;
}

const withoutType = (program: string, name: string): string =>
  `the BTF of this kernel and of its loaded modules has no '${name}', the target of program '${program}': it may be inlined, renamed, or of a module that is not loaded; ` +
  'name another one with setAttachTarget(), or leave the program out (autoload = false)';

const WITHOUT_TARGET =
  'has no target: say what it attaches to before load(): setAttachTarget({ function }), for freplace { program, function }';

/** What is said in place of libbpf's line: all that is in it, and more. */
const INSTEAD: readonly (readonly [RegExp, Remedy])[] = [
  [/prog '([^']*)': missing BPF prog type, check ELF section name '([^']*)'/, unknownSection],
  [/prog '([^']*)': failed to find kernel BTF type ID of '([^']*)'/, withoutType],
  [
    /failed to create tracepoint '([^'/]*)\/([^']*)' perf event: -ENOENT/,
    (category, name) => withoutTracepoint(category, name),
  ],
  [/failed to attach to raw tracepoint '([^']*)': -(?:ENOENT|EINVAL)/, (name) => withoutRawTracepoint(name)],
  [
    /section '(u(?:ret)?probe)[^']*' missing ':function/,
    (kind) =>
      `its section names no file: attachUprobe(path, { function${kind === 'uretprobe' ? ', retprobe: true' : ''} })`,
  ],
  [
    /elf: '([^']*)' is 0 in symtab for '([^']*)'/,
    (name, file) =>
      `${file} only uses '${name}', which a library has: attachUprobe(library, { function: '${name}' })`,
  ],
  [
    /elf: failed to find symbol '([^']*)' in '([^']*)'/,
    (name, file) => `${file} has no function '${name}'; functions that are static or stripped have no name`,
  ],
  [
    /^Error loading vmlinux BTF|failed to find valid kernel BTF|kernel BTF is missing/,
    () =>
      hasKernelBtf()
        ? 'the BTF of this kernel (/sys/kernel/btf/vmlinux) cannot be read; give a file that has it as the open option btfCustomPath'
        : 'this kernel has no BTF (/sys/kernel/btf/vmlinux): give a file that has it as the open option btfCustomPath',
  ],
  [
    /extern \(func ksym\) '([^']*)': func_proto/,
    (name) =>
      `this kernel has '${name}' with other parameters than the program declares: take the declaration of gen vmlinux`,
  ],
  [
    /extern \(func ksym\) '([^']*)': not found/,
    (name) => `this kernel has no kfunc '${name}': if a module has it, load that first`,
  ],
  [
    /extern \(var ksym\) '([^']*)': not found/,
    (name) => `this kernel has no variable '${name}' in its BTF: a module that has it must be loaded`,
  ],
  [
    /prog '([^']*)': (?:attach program FD is not set|no BTF-based attach target is specified)/,
    (program) => `program '${program}' ${WITHOUT_TARGET}`,
  ],
  [/no BTF-based attach target is specified/, `a program ${WITHOUT_TARGET}`],
  [
    /failed to find BTF for extern '([^']*)'/,
    (name) => `no object defines '${name}': link the library that does (libbpf-subskel build or gen object)`,
  ],
];

/** What is said after libbpf's line. */
const AFTERWARDS: readonly (readonly [RegExp, Remedy])[] = [
  [
    /^the verifier's log did not fit into its buffer/,
    'give the program a larger log buffer (setLogBuffer), or a lower logLevel',
  ],
  [
    /specified path .* is not on BPF FS/,
    'mount a BPF file system there (mount -t bpf), or pass another pinRootPath',
  ],
  [
    /bad map relo against '([^']*)' in section '\.percpu/,
    (name) => `'${name}' is global per-CPU data, which needs libbpf 1.8: use a map of type percpu_array`,
  ],
];

function found(rows: readonly (readonly [RegExp, Remedy])[], reason: string): string | undefined {
  for (const [pattern, remedy] of rows) {
    const match = pattern.exec(reason);
    if (match === null) continue;
    return typeof remedy === 'string' ? remedy : remedy(...match.slice(1));
  }
  return undefined;
}

/** What we say of a line of libbpf's; `instead` of it, or after it. undefined where the line is none that we know. */
export function ourReason(reason: string): { readonly text: string; readonly instead: boolean } | undefined {
  const instead = found(INSTEAD, reason);
  if (instead !== undefined) return { text: instead, instead: true };
  const after = found(AFTERWARDS, reason);
  return after === undefined ? undefined : { text: after, instead: false };
}
