/** What helps against the usual reasons for which the verifier rejects a program, by its own sentence; no row where it cannot be sure. */
import { isOlder, runningKernel, type Kernel } from './kernel';

type Hint = string | ((found: readonly string[], kernel: Kernel) => string | undefined);

/** undefined where the kernel is no older: then something else is wrong. */
const newer =
  (version: string, what: string, remedy = ''): Exclude<Hint, string> =>
  (_, { release }) =>
    isOlder(release, version) ? `${what} need kernel ${version}; this is ${release}${remedy}` : undefined;

const LOOPS = newer('5.3', 'loops', ': unroll them (#pragma unroll)');
const V3_ATOMICS = newer(
  '5.12',
  "atomic operations that return the value, exchange or compare (clang's -mcpu=v3)",
  ': ignore the result of an addition, or take a bpf_spin_lock',
);
const V4 = newer('6.6', "the instructions of clang's -mcpu=v4", ': compile with -mcpu=v3');

const HINTS: readonly (readonly [RegExp, Hint])[] = [
  [
    /invalid mem access '\w+_or_null'|pointer arithmetic on \w+_or_null prohibited|Possibly NULL pointer passed/,
    'the pointer may be NULL: test it before this use, and return if it is',
  ],
  [
    /invalid mem access '(?:scalar|inv)'/,
    'to the verifier this is a number, not a pointer that it knows: read the memory of the kernel with bpf_probe_read_kernel() or BPF_CORE_READ(), that of a process with bpf_probe_read_user()',
  ],
  [
    /offset is outside of the packet|invalid access to packet/,
    'compare the end of what is read with data_end before this use: if (header + 1 > data_end) return …',
  ],
  [
    /unbounded memory access|min value is negative|with unbounded m(?:in|ax) value/,
    'bound the index or size right before this use: an unsigned variable, compared with a constant or masked (& (LENGTH - 1))',
  ],
  [
    /invalid access to (?:map value|memory), (?:value|mem)_size=/,
    'it reaches beyond the end: check the index or offset against the size before this use',
  ],
  [
    /invalid (?:indirect )?read from stack (?:R\d+ )?off -?\d+\+\d+ size/,
    'those bytes of the stack were never written: initialize the whole variable, padding included (= {}, or __builtin_memset)',
  ],
  [
    /invalid (?:variable-offset |unaligned |zero-sized )?(?:indirect )?(?:read from|write to|access to|access of|access from) stack|invalid stack (?:off|type)/,
    'the access is, or may be, outside of the variable on the stack: check the index against the length of the array before this use',
  ],
  [
    /Unreleased reference|would lead to reference leak/,
    'release what was acquired on every path: bpf_ringbuf_submit() or bpf_ringbuf_discard() for a reserved record, the release function for other references',
  ],
  [
    /^back-edge from insn/,
    (found, kernel) =>
      LOOPS(found, kernel) ?? 'give the loop a constant number of turns, or unroll it (#pragma unroll)',
  ],
  [
    /^infinite loop detected/,
    'give the loop a bound that the verifier sees: a constant number of turns, or bpf_loop() (kernel 5.17), bpf_for() (kernel 6.4)',
  ],
  [
    /^BPF program is too large\. Processed|^The sequence of \d+ jumps is too complex/,
    'there are too many paths: shorten loops, or write them with bpf_loop() (kernel 5.17) or bpf_for() (kernel 6.4), whose body is verified once; split the program with global functions or tail calls',
  ],
  [
    /in (?:a )?non-sleepable prog|^unknown func bpf_copy_from_user|must be sleepable to call sleepable/,
    'only a sleepable program may call it: a section with .s, such as SEC("fentry.s/…"), SEC("lsm.s/…") or SEC("uprobe.s/…")',
  ],
  [
    /(?:program of this type cannot use helper|^unknown func) (bpf_\w+)#/,
    ([, helper = 'it']) =>
      `programs of this type have no ${helper} on this kernel (kernel.hasHelper() tells): call it from another type of program, or use another helper`,
  ],
  [/^invalid func unknown#\d+/, 'the helper is newer than this kernel'],
  [
    /calling kernel function (\S+) is not allowed/,
    ([, kfunc = 'it']) => `programs of this type, or attached to this, may not call the kfunc ${kfunc}`,
  ],
  [
    /^kfunc '([^']+)' is referenced but wasn't resolved/,
    ([, kfunc = '']) => `this kernel has no kfunc ${kfunc}: test bpf_ksym_exists(${kfunc}) before the call`,
  ],
  [
    /^failed to resolve CO-RE relocation/,
    'the types of this kernel lack what is read here: test bpf_core_field_exists() or bpf_core_type_exists() before',
  ],
  [
    /^BPF map '([^']+)' is referenced but wasn't created/,
    ([, map = '']) =>
      `set autocreate of map '${map}', or leave out the programs that use it (autoload = false)`,
  ],
  [
    /^R0 !read_ok/,
    'R0 is the result of a function or call, and has no value here: return a value on every path',
  ],
  [
    /^R\d+ !read_ok/,
    'the register has no value here: initialize the variable on every path; a call leaves nothing in R1 to R5',
  ],
  [
    /^R\d+ type=(?:scalar|inv) expected=/,
    'this argument must be a pointer that the verifier knows: an integer, a pointer that was cast to one, or one read from memory is a number to it',
  ],
  [
    /non-GPL compatible program|from non-GPL|GPL-restricted function/,
    'declare a license that is compatible with the GPL: char LICENSE[] SEC("license") = "GPL";',
  ],
  [
    /combined stack size of \d+ calls|stack size .* exceeds/,
    'a chain of functions shares 512 bytes of stack: put large variables into a map (a percpu_array of one entry) or make them global',
  ],
  [
    /^invalid bpf_context access/,
    'the context of this type of program has no member there, or none that may be accessed so: read whole members, by their names; some are read-only',
  ],
  [
    /dereference of modified ctx ptr|variable ctx access/,
    'access members of the context at constant offsets only, not through a pointer that was computed from it',
  ],
  [
    /^At program exit the register R0 .*should have been in/,
    'return one of the values that this type of program may return',
  ],
  [
    /^BPF_(?:STX|XADD) uses reserved fields|^BPF_ATOMIC uses invalid atomic opcode (?:01|[4-9a-f]1|e1|f1)/,
    V3_ATOMICS,
  ],
  [/^BPF_(?:ALU|ALU64|MOV|LDX|END|JA) uses reserved fields|^unknown opcode (?:d7|06|81|89|91)$/, V4],
];

/** undefined where the sentence is none that it knows, or where its cause is not sure. */
export function hintFor(reason: string, kernel: Kernel = runningKernel()): string | undefined {
  for (const sentence of [reason, ...reason.split('; ')]) {
    for (const [pattern, hint] of HINTS) {
      const found = pattern.exec(sentence);
      if (found === null) continue;
      const said = typeof hint === 'string' ? hint : hint(found, kernel);
      if (said !== undefined) return said;
    }
  }
  return undefined;
}
