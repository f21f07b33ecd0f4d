/** What helps against the reasons that libbpf gives itself, by the line that has them (readLog().reason). */
import { KNOWN_SECTIONS } from '../../uapi/section-programs';
import { suggest } from '../../util/suggest';

type Remedy = string | ((...found: string[]) => string);

function unknownSection(section: string): string {
  const kind = section.replace(/^\?/, '').split('/', 1)[0] ?? '';
  const near = suggest(kind, KNOWN_SECTIONS);
  const meant = near === undefined || near === kind ? '' : ` (did you mean '${near}'?)`;
  return `libbpf does not know the section name '${kind}'${meant}: rename the section, or set the program's type before load()`;
}

const REASONS: readonly (readonly [RegExp, Remedy])[] = [
  [/missing BPF prog type, check ELF section name '([^']*)'/, unknownSection],
  [
    /extern \(func ksym\) '([^']*)': (?:not found|func_proto)/,
    (name) => `this kernel has no such kfunc: the module that has '${name}' must be loaded, if it is of one`,
  ],
  [
    /extern \(var ksym\) '([^']*)': not found/,
    (name) => `this kernel has no variable '${name}' in its BTF: a module that has it must be loaded`,
  ],
  [
    /failed to find kernel BTF type ID of '([^']*)'/,
    (name) =>
      `the BTF of this kernel and of its loaded modules has no '${name}': it may be inlined, renamed, or of a module that is not loaded`,
  ],
  [
    /^the verifier's log did not fit into its buffer/,
    'give the program a larger log buffer (setLogBuffer), or a lower logLevel',
  ],
  [
    /attach program FD is not set|no BTF-based attach target is specified/,
    'say what it attaches to before load(): setAttachTarget()',
  ],
  [
    /specified path .* is not on BPF FS/,
    'mount a BPF file system there (mount -t bpf), or pass another pinRootPath',
  ],
  [
    /failed to find BTF for extern '([^']*)'/,
    (name) => `'${name}' is defined in another object: link the two first (libbpf-subskel gen object)`,
  ],
  [
    /bad map relo against '([^']*)' in section '\.percpu/,
    (name) => `'${name}' is global per-CPU data, which needs libbpf 1.8: use a map of type percpu_array`,
  ],
];

/** undefined where the reason is none that we know. */
export function remedyOfReason(reason: string): string | undefined {
  for (const [pattern, remedy] of REASONS) {
    const match = pattern.exec(reason);
    if (match !== null) return typeof remedy === 'string' ? remedy : remedy(...match.slice(1));
  }
  return undefined;
}
