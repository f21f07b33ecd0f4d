/**
 * What libbpf and the verifier said during a call: which map or program failed, the verifier's verdict on it, and the
 * one line that is the reason.
 */
import { readVerdict, type Verdict } from './verdict';

export interface LogReading {
  /** The map or program that libbpf was at when it gave up. */
  readonly failed?: { readonly kind: 'map' | 'prog'; readonly name: string };
  /** What the verifier said, where it looked at the program: its numbers alone are no verdict. */
  readonly verdict?: Verdict;
  /** The line that belongs in a message; '' where nothing was said. */
  readonly reason: string;
  /** The kernel refused a system call: libbpf has no more to say than which. Else the reason is libbpf's own, or the verifier's. */
  readonly refusedByKernel: boolean;
}

/** libbpf frames what the verifier said; of a log that was too long the addon keeps the end, so the frame may be open. */
const VERIFIER_LOG =
  /(?:prog '([^'\n]*)': -- BEGIN PROG LOAD LOG --\n|^\[earlier messages dropped\]\n)([\s\S]*?)-- END PROG LOAD LOG --/g;

/** Lines of libbpf's that are never the reason: it went on, or guesses. */
const ASIDES: readonly RegExp[] = [
  /-- (BEGIN|END) PROG LOAD LOG/,
  /^\[earlier messages dropped\]/,
  /^failed to find BTF (info )?in object/,
  /^permission error while running as root; try raising 'ulimit -l'/,
  /^Failed to bump RLIMIT_MEMLOCK/,
  /Couldn't load trivial BPF program\. Make sure/,
  /Retrying without BTF/,
  /: failed to bind map /,
  /: failed to adjust resized BTF/,
  /^elf: skipping /,
];

/** The kernel's refusals: of these libbpf knows no reason. */
const REFUSALS: readonly RegExp[] = [/: BPF program load failed: /, /: failed to create: /];

/** Lines that say in which step it was; the reason is the line before, if that is about the same map or program. */
const STEPS: readonly RegExp[] = [
  /^failed to load object '/,
  /^failed to load BPF skeleton '/,
  /: failed to load: /,
  /: failed to create: /,
  /: failed to auto-pin at /,
  /: failed to prepare load attributes/,
  /: failed to relocate (data references|calls)/,
  /^failed to perform CO-RE relocations/,
  /: failed to perform \.BTF\.ext fix ups/,
];

const NAMED = /^(map|prog) '([^']*)': /;

const matches = (patterns: readonly RegExp[], line: string): boolean =>
  patterns.some((pattern) => pattern.test(line));

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^libbpf: /, '').trim())
    .filter((line) => line !== '');

/** What the verifier said of a program that was not loaded: with a log level it speaks of those that were, too. */
function verdictOn(program: string | undefined, log: string): Verdict | undefined {
  for (const [, name, text = ''] of [...log.matchAll(VERIFIER_LOG)].reverse()) {
    if (name !== undefined && program !== undefined && name !== program) continue;
    const verdict = readVerdict(text);
    if (verdict.reason !== '') return verdict;
  }
  return undefined;
}

/** From the last line back, as long as a line only says in which step it was. */
function libbpfReason(lines: readonly string[]): string {
  let reason = lines.at(-1) ?? '';
  for (const before of lines.slice(0, -1).reverse()) {
    if (!matches(STEPS, reason)) break;
    const name = NAMED.exec(reason)?.[2];
    const nameBefore = NAMED.exec(before)?.[2];
    if (name !== undefined && nameBefore !== undefined && name !== nameBefore) break;
    reason = before;
  }
  return reason;
}

function failedPart(lines: readonly string[]): LogReading['failed'] {
  for (const line of [...lines].reverse()) {
    const [, kind, name] = NAMED.exec(line) ?? [];
    if (name !== undefined) return { kind: kind === 'map' ? 'map' : 'prog', name };
  }
  return undefined;
}

export function readLog(log: string): LogReading {
  const lines = linesOf(log.replace(VERIFIER_LOG, '')).filter((line) => !matches(ASIDES, line));
  const failed = failedPart(lines);
  const part = failed === undefined ? {} : { failed };
  const verdict = failed?.kind === 'map' ? undefined : verdictOn(failed?.name, log);
  if (verdict !== undefined) {
    return { ...part, verdict, reason: verdict.reason, refusedByKernel: false };
  }
  const reason = libbpfReason(lines);
  return { ...part, reason, refusedByKernel: reason === '' || matches(REFUSALS, reason) };
}
