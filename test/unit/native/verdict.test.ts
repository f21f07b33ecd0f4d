/**
 * What is read out of the verifier's logs. verifier-logs/ has what real kernels (of Debian; 6.18 another) said of test/bpf/verdicts.bpf.c, and
 * of instructions that clang-19 -mcpu=v4 writes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { VerifierError } from '../../../lib';
import { failure } from '../../../lib/native/failure/failure';
import { readLog } from '../../../lib/native/failure/log';
import { readVerdict } from '../../../lib/native/failure/verdict';
import { hintFor } from '../../../lib/native/failure/verifier-hints';

const FOLDER = path.join(__dirname, 'verifier-logs');
const KERNELS = ['5.10', '6.1', '6.12', '6.18', '7.3'];

/** The log of each program, by its name. */
function logsOf(kernel: string): Map<string, string> {
  const parts = readFileSync(path.join(FOLDER, `${kernel}.log`), 'utf8').split(/^#### /m);
  return new Map(
    parts.slice(1).map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}

const LOGS = new Map(KERNELS.map((kernel) => [kernel, logsOf(kernel)]));

interface Expected {
  readonly reason: RegExp;
  readonly hint: RegExp;
  /** The text of the line, and its number in the source. */
  readonly source?: readonly [string, number];
  readonly instruction?: true;
}

const PROGRAMS: Readonly<Record<string, Expected>> = {
  maybe_null: {
    reason: /^R0 invalid mem access 'map_value_or_null'$/,
    hint: /^the pointer may be NULL/,
    source: ['return (int)value->of[0];', 33],
    instruction: true,
  },
  unbounded: {
    reason: /^R0 unbounded memory access, make sure to bounds check any such access$/,
    hint: /^bound the index/,
    source: ['return (int)value->of[key];', 44],
    instruction: true,
  },
  beyond_value: {
    reason: /^invalid access to map value, value_size=64 off=72 size=8; R1 min value is outside of/,
    hint: /^it reaches beyond the end/,
    source: ['return (int)value->of[9];', 55],
    instruction: true,
  },
  beyond_stack: {
    reason: /^invalid variable-offset write to stack R1 var_off=/,
    hint: /outside of the variable on the stack/,
    source: ['name[at] = 1;', 64],
    instruction: true,
  },
  unreleased: {
    reason: /^Unreleased reference id=2 alloc_insn=4(; BPF_EXIT instruction in main prog would lead to .*)?$/,
    hint: /bpf_ringbuf_submit\(\)/,
    source: ['}', 77],
    instruction: true,
  },
  endless: { reason: /^infinite loop detected at insn 0$/, hint: /^give the loop a bound/ },
  wrong_helper: {
    reason: /^(program of this type cannot use helper|unknown func) bpf_skb_load_bytes#26$/,
    hint: /have no bpf_skb_load_bytes on this kernel/,
    source: ['return bpf_skb_load_bytes(ctx, 0, ctx, 1);', 102],
    instruction: true,
  },
  wrong_kfunc: {
    reason:
      /^(calling kernel function bpf_sock_destroy is not allowed|kfunc 'bpf_sock_destroy' is referenced but wasn't resolved)$/,
    hint: /may not call the kfunc bpf_sock_destroy$|this kernel has no kfunc bpf_sock_destroy:/,
    source: ['return bpf_sock_destroy(ctx);', 113],
    instruction: true,
  },
  no_result: {
    reason: /^R0 !read_ok$/,
    hint: /return a value on every path/,
    source: ['asm volatile("exit");', 119],
    instruction: true,
  },
  no_pointer: {
    reason: /^R2 type=(inv|scalar) expected=fp, pkt, pkt_meta, /,
    hint: /^this argument must be a pointer/,
    source: ['return (int)bpf_map_delete_elem(&values, (void *)1);', 125],
    instruction: true,
  },
  untyped_pointer: {
    reason: /^R1 invalid mem access '(inv|scalar)'$/,
    hint: /bpf_probe_read_kernel\(\)/,
    source: ['return *(int *)address;', 133],
    instruction: true,
  },
  sleeping: {
    reason:
      /^(helper call might sleep in a non-sleepable prog|unknown func bpf_copy_from_user#148|sleepable helper bpf_copy_from_user#148 in non-sleepable prog)$/,
    hint: /^only a sleepable program/,
    source: ['return (int)bpf_copy_from_user(&byte, 1, (void *)1);', 142],
    instruction: true,
  },
  large_stack: {
    reason: /^combined stack size of 2 calls is 8\d\d\. Too large$/,
    hint: /512 bytes of stack/,
  },
  outside_packet: {
    reason:
      /^invalid access to packet, off=12 size=1, .*; R1 (offset is outside of the packet|min value is outside.*)$/,
    hint: /data_end/,
    source: ['return ethernet->h_proto == 8 ? XDP_DROP : XDP_PASS;', 166],
    instruction: true,
  },
  wrong_result: {
    reason: /^At program exit the register R0 has .* should have been in /,
    hint: /^return one of the values/,
    source: ['return 7;', 180],
    instruction: true,
  },
  leave_context: {
    reason: /^invalid bpf_context access off=4096 size=4$/,
    hint: /^the context of this type/,
    instruction: true,
  },
  needs_gpl: {
    reason: /^cannot call GPL-restricted function from non-GPL compatible program$/,
    hint: /license/,
  },
};

const errorOf = (log: string): VerifierError =>
  failure({
    kind: 'bpf',
    syscall: 'bpf_object__load',
    errno: 13,
    subject: "object 'v'",
    log,
  }) as VerifierError;

describe.each(KERNELS)('what kernel %s says', (kernel) => {
  const logs = LOGS.get(kernel) ?? new Map<string, string>();

  test.each(Object.entries(PROGRAMS))('of %s', (program, { reason, hint, source, instruction }) => {
    const error = errorOf(logs.get(program) ?? '');
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.program).toBe(program);
    expect(error.reason).toMatch(reason);
    expect(error.hint).toMatch(hint);
    expect(error.remedy).toBe(error.hint);
    if (instruction === true) expect(error.instruction).toEqual(expect.any(Number));
    if (source === undefined) return;
    const [text, line] = source;
    // Kernels before 6.9 have the text only.
    const place = ['5.10', '6.1'].includes(kernel)
      ? { text, file: undefined, line: undefined }
      : { text, file: 'verdicts.bpf.c', line };
    expect(error.source).toEqual(place);
  });

  test('all of its logs are looked at', () => {
    const known = new Set([...Object.keys(PROGRAMS), ...NEWER]);
    expect([...logs.keys()].filter((name) => !known.has(name))).toEqual([]);
    expect(logs.size).toBeGreaterThanOrEqual(Object.keys(PROGRAMS).length);
  });
});

/** Of clang-19 -mcpu=v4. */
const NEWER = ['atomic_fetch', 'atomic_xchg', 'sdiv', 'sext', 'movsx', 'bswap', 'gotol'];

test.each<readonly [string, string, RegExp]>([
  ['5.10', 'atomic_fetch', /exchange or compare \(clang's -mcpu=v3\) need kernel 5\.12; this is 5\.10\.0-32/],
  ['5.10', 'atomic_xchg', /need kernel 5\.12/],
  ...['sdiv', 'sext', 'movsx', 'bswap', 'gotol'].map(
    (name) =>
      ['5.10', name, /-mcpu=v4 need kernel 6\.6; this is 5\.10\.0-32: compile with -mcpu=v3$/] as const,
  ),
  ...['sdiv', 'sext', 'movsx', 'bswap'].map(
    (name) => ['6.1', name, /-mcpu=v4 need kernel 6\.6; this is 6\.1\.0-50: compile with -mcpu=v3$/] as const,
  ),
])('instructions that kernel %s does not have yet: %s', (kernel, program, hint) => {
  const { reason } = readLog(LOGS.get(kernel)?.get(program) ?? '');
  const release = `${kernel}.0-${kernel === '6.1' ? '50' : '32'}`;
  expect(hintFor(reason, { release, config: () => undefined })).toMatch(hint);
  // On one that has them it is something else.
  expect(hintFor(reason, { release: '6.12.0', config: () => undefined })).toBeUndefined();
});

test('the message: the program, the reason, the line, the last instructions, what helps', () => {
  const error = errorOf(LOGS.get('6.18')?.get('maybe_null') ?? '');
  expect(error.message.split('\n')).toEqual([
    "load object 'v': the verifier rejected program 'maybe_null' (EACCES): R0 invalid mem access 'map_value_or_null'",
    '  at verdicts.bpf.c:33: return (int)value->of[0];',
    '     4: (18) r1 = 0xffff888000000000       ; R1=map_ptr(map=values,ks=4,vs=64)',
    '     6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=values,ks=4,vs=64)',
    '     7: (79) r0 = *(u64 *)(r0 +0)',
    '  hint: the pointer may be NULL: test it before this use, and return if it is',
  ]);
  expect(error).toMatchObject({
    code: 'ERR_VERIFIER',
    errno: 13,
    syscall: 'bpf_object__load',
    instruction: 7,
  });
  expect(error.toString()).toBe(`VerifierError: ${error.message}`);
  expect(error.toString('full')).toBe(`VerifierError: ${error.message}\n\n${error.log.trimEnd()}\n`);
});

test("kernel 7.3's own suggestion is the hint where there is none of ours", () => {
  const log = (LOGS.get('7.3')?.get('maybe_null') ?? '').replaceAll(
    /^R0 invalid mem access.*$/gm,
    'R0 has an aura that is not allowed',
  );
  expect(errorOf(log)).toMatchObject({
    reason: 'R0 has an aura that is not allowed',
    hint: 'Add a NULL check before the access and dereference the pointer only on the non-NULL path.',
  });
});

test('a report without a sentence before it: its reason', () => {
  const log = (LOGS.get('7.3')?.get('wrong_helper') ?? '').replace(/^program of this type.*\n/m, '');
  expect(errorOf(log).reason).toBe(
    'The helper bpf_skb_load_bytes#26 is not allowed: this program type does not allow the helper.',
  );
});

test('the last instruction of a program is not the place of what is wrong with all of it', () => {
  const log = '; return 0; @ a.c:3\n8: (b7) r0 = 0   ; R0=0\n9: (95) exit\n';
  expect(readVerdict(`${log}tail_calls are not allowed in this program\n`)).toMatchObject({
    instruction: undefined,
    source: undefined,
  });
  expect(readVerdict(`${log}R0 !read_ok\n`)).toMatchObject({ instruction: 9, source: { line: 3 } });
});

test('no sentence at all: what it was at; nothing but numbers: nothing', () => {
  expect(readVerdict('0: (b7) r0 = 0\nprocessed 1 insns (limit 1000000)\n').reason).toBe('0: (b7) r0 = 0');
  expect(readVerdict('processed 0 insns (limit 1000000)\n').reason).toBe('');
});

describe('a log of any form', () => {
  const all = readdirSync(FOLDER).flatMap((file) => [...logsOf(path.basename(file, '.log')).values()]);
  const lines = [...new Set(all.flatMap((log) => log.split('\n')))];
  const log = fc.oneof(
    // Cut anywhere, as a buffer that is too small cuts it.
    fc.tuple(fc.constantFrom(...all), fc.nat(), fc.nat()).map(([text, from, to]) => {
      const [a = 0, b = 0] = [from % text.length, to % text.length].sort((x, y) => x - y);
      return text.slice(a, b);
    }),
    // Its lines in another order, with others between them.
    fc
      .array(fc.oneof(fc.constantFrom(...lines), fc.string({ unit: 'binary' })), { maxLength: 30 })
      .map((some) => some.join('\n')),
    // Garbled bytes.
    fc
      .tuple(
        fc.constantFrom(...all),
        fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 })), { maxLength: 20 }),
      )
      .map(([text, changes]) =>
        changes.reduce(
          (now, [at, by]) => now.slice(0, at % text.length) + by + now.slice((at % text.length) + 1),
          text,
        ),
      ),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  test('gives an error, whose reason is of the log', () => {
    fc.assert(
      fc.property(log, (text) => {
        const verdict = readVerdict(text);
        const flat = text.replaceAll(/\s+/g, ' ');
        expect(flat.includes(verdict.reason.replaceAll(/\s+/g, ' ')) || parts(verdict.reason, flat)).toBe(
          true,
        );
        if (verdict.instruction !== undefined) expect(verdict.instruction).toBeGreaterThanOrEqual(0);
        if (verdict.source !== undefined) expect(text).toContain(verdict.source.text);
        const error = errorOf(text);
        expect(error.log).toBe(text);
        expect(error.message).not.toMatch(/undefined|NaN|\[object/);
      }),
      { numRuns: 400 },
    );
  });

  const parts = (reason: string, flat: string): boolean =>
    reason.split('; ').every((part) => flat.includes(part.replaceAll(/\s+/g, ' ')));
});
