/**
 * What the verifier says of a program that it rejects: its sentence, the instruction and the line of source that it was at. Its log is
 * text for people and changes with each kernel: what is not recognized is taken for what it says.
 */

/** A line of source, as far as the log names it: kernels before 6.9 have its text only. */
export interface VerdictSource {
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  readonly text: string;
}

export interface Verdict {
  /** The verifier's own words; where it says more than one sentence of the same thing, with '; ' between them. '' for none. */
  readonly reason: string;
  /** Of the program as libbpf loads it; undefined where the reason is about the program as a whole. */
  readonly instruction: number | undefined;
  readonly source: VerdictSource | undefined;
  /** The last instructions that it looked at, with what the registers held. */
  readonly steps: readonly string[];
  /** What the kernel itself suggests (7.3). */
  readonly suggestion: string | undefined;
}

/** The verifier's numbers. */
const STATISTICS: readonly RegExp[] = [
  /^processed \d+ insns/,
  /^verification time /,
  /^stack depth /,
  /^insns processed /,
  /^max_states_per_insn/,
];

/** What registers and stack held, and where a path came from. */
const STATES: readonly RegExp[] = [
  /^(at|from) \d+/,
  /^(cur|old) state:/,
  /^(caller|callee):$/,
  /^(frame\d+: ?)?(R\d+(_\w+)?|fp-?\d+(_\w+)?)=/,
  /^\d+: (frame\d+: ?)?(R\d+(_\w+)?|fp-?\d+(_\w+)?)=/,
  /^(frame \d+: )?propagating /,
  /^(mark_precise|last_idx|regs=|parent (didn't|already)|live regs)/,
  /^(returning from callee|to caller at)/,
];

/** Remarks of the verifier's after which it goes on. */
const REMARKS: readonly RegExp[] = [
  /^arg#\d+ (reference type\('UNKNOWN ?'\)|type is not a struct)/,
  /^Unrecognized arg#\d+ type /,
  /^Func(#\d+)? .*(is global and assumed valid|is safe for any args)/,
  /^Validating .*\(\) func#\d+/,
];

const INSTRUCTION = /^(\d+): (?:\(|BUG_|<)/;
const EXIT = /^\d+: \(95\) exit/;
const SOURCE = /^; ?(.*?)(?: @ ([^@]+):(\d+))?$/;

/** Reasons for which the instruction that it was at last says nothing. */
const OF_THE_WHOLE =
  /combined stack size|^BPF program is too large|call stack of \d+ frames|^back-edge|^unreachable insn|^jump out of range|^last insn is not|^infinite loop|program uses? |^The sequence of \d+ jumps/;
/** What can be wrong at an exit; after the last one of a program it looks at the program again, and then this is not where. */
const OF_AN_EXIT = /R0|exit|reference|lock|return|resource|region/i;
const NAMED_INSTRUCTION = /\b(?:detected at insn|back-edge from insn|unreachable insn|from insn) (\d+)/;

/** Sections of a report of kernel 7.3 and later, which begins with this line. */
const REPORT = /^Verification failed: (.+)$/;
const SECTION = /^([A-Z][\w ]*):$/;

const STEPS = 3;
const SENTENCES = 3;

const matches = (patterns: readonly RegExp[], line: string): boolean =>
  patterns.some((pattern) => pattern.test(line));

interface Split {
  /** The log without the report. */
  readonly lines: readonly string[];
  readonly title: string | undefined;
  /** The sections of the report, each as one line. */
  readonly sections: ReadonlyMap<string, string>;
}

/** In a report every line is a title, empty, or indented: the first that is none of these is the log's again. */
function splitReport(log: string): Split {
  const lines: string[] = [];
  const sections = new Map<string, string>();
  let title: string | undefined;
  let section: string | undefined;
  let inside = false;
  for (const line of log.split('\n')) {
    const begins = REPORT.exec(line)?.[1];
    if (begins !== undefined) {
      title = begins.trim();
      inside = true;
      section = undefined;
    } else if (inside && (line.trim() === '' || /^\s/.test(line) || SECTION.test(line))) {
      const heading = SECTION.exec(line)?.[1];
      if (heading !== undefined) section = heading;
      else if (section !== undefined && line.trim() !== '') {
        const before = sections.get(section);
        sections.set(section, before === undefined ? line.trim() : `${before} ${line.trim()}`);
      }
    } else {
      inside = false;
      if (line.trim() !== '') lines.push(line.trim());
    }
  }
  return { lines, title, sections };
}

/** From the end back to the last instruction, line of source or state: what is left are sentences. */
function lastSentences(lines: readonly string[]): { sentences: string[]; rest: readonly string[] } {
  const sentences: string[] = [];
  let end = lines.length;
  for (; end > 0; end--) {
    const line = lines[end - 1] ?? '';
    if (matches(STATISTICS, line) || matches(REMARKS, line)) continue;
    if (matches(STATES, line)) {
      // Those that it shows after its sentence belong to the sentence.
      if (sentences.length === 0 && /^(cur|old) state:/.test(line)) continue;
      break;
    }
    if (INSTRUCTION.test(line) || line.startsWith(';')) break;
    sentences.unshift(line);
  }
  return { sentences, rest: lines.slice(0, end) };
}

/** Where it says nothing of its own, what it was at. */
const lastLine = (lines: readonly string[]): string =>
  lines.findLast((line) => !matches(STATISTICS, line) && !matches(REMARKS, line)) ?? '';

function sourceAt(lines: readonly string[]): VerdictSource | undefined {
  for (const line of [...lines].reverse()) {
    if (!line.startsWith(';')) continue;
    const [, text = '', file, number] = SOURCE.exec(line) ?? [];
    // Line 0 is of no source: the compiler's own instructions.
    if (text.trim() === '' || number === '0') continue;
    return { file, line: number === undefined ? undefined : Number(number), text: text.trim() };
  }
  return undefined;
}

/** Where it was: undefined where that is not surely the place of the reason. */
function instructionAt(reason: string, steps: readonly string[]): number | undefined {
  const named = NAMED_INSTRUCTION.exec(reason)?.[1];
  if (named !== undefined) return Number(named);
  const last = steps.at(-1);
  if (last === undefined || reason === '' || OF_THE_WHOLE.test(reason)) return undefined;
  if (EXIT.test(last) && !OF_AN_EXIT.test(reason)) return undefined;
  return Number(INSTRUCTION.exec(last)?.[1]);
}

/** What a verifier's log says, whatever kernel it is of. */
export function readVerdict(log: string): Verdict {
  const { lines, title, sections } = splitReport(log);
  const { sentences, rest } = lastSentences(lines);
  const reason =
    sentences.length > 0
      ? sentences.slice(-SENTENCES).join('; ')
      : (sections.get('Reason') ?? title ?? lastLine(lines));
  const all = rest.filter((line) => INSTRUCTION.test(line));
  const instruction = instructionAt(reason, all);
  const steps = OF_THE_WHOLE.test(reason) ? [] : all.slice(-STEPS);
  const source = instruction === undefined && steps.length > 0 ? undefined : sourceAt(rest);
  return { reason, instruction, source, steps, suggestion: sections.get('Suggestion') };
}
