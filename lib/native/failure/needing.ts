/**
 * Refusals that are about a kind of map, program, attachment or link: the kernel answers EINVAL to all that it does not
 * know, and says no more. These say which kernel knows it.
 */
import { BpfError } from '../../errors';
import { withRemedy } from './failure';
import { runningKernel, unmet, type Kernel } from './kernel';
import { usefulLine, verifierLog } from './log';
import { OPERATIONS } from './operations';
import { mayBeUnknown } from './remedies';
import { ATTACH_TYPES, LINK_TYPES, MAP_TYPES, PROGRAM_TYPES, since, type Requirements } from './requirements';

/** What a call is about, by the kernel's own names ('ringbuf', 'xdp', 'tcx_ingress'); each only if there is one. */
export interface Kinds {
  readonly mapType?: string | undefined;
  readonly programType?: string | undefined;
  readonly attachType?: string | undefined;
  readonly linkType?: string | undefined;
  /** The libbpf function that the one that failed has called: "bpf_program__attach_kprobe". */
  readonly call?: string | undefined;
}

const TABLES: readonly (readonly [Exclude<keyof Kinds, 'call'>, string, Requirements])[] = [
  ['mapType', 'maps', MAP_TYPES],
  ['programType', 'programs', PROGRAM_TYPES],
  ['attachType', 'attachments', ATTACH_TYPES],
  ['linkType', 'links', LINK_TYPES],
];

/** What the kernel is missing for one of the kinds: "maps of type 'arena' need kernel 6.9; this is 5.10.0". */
export function missingFor(kinds: Kinds, kernel: Kernel = runningKernel()): string | undefined {
  for (const [key, what, table] of TABLES) {
    const kind = kinds[key];
    if (kind === undefined || !Object.hasOwn(table, kind)) continue;
    const requirement = table[kind];
    const missing = requirement && unmet(`${what} of type '${kind}' need`, requirement, kernel);
    if (missing !== undefined) return missing;
  }
  const needs = kinds.call === undefined ? undefined : OPERATIONS[kinds.call]?.needs;
  return needs && unmet(`${kinds.call ?? ''} needs`, needs, kernel);
}

/** The same error, with what the kernel is missing as its remedy, where that may be why. */
export function explainRefusal(error: unknown, kinds: Kinds, kernel: Kernel = runningKernel()): unknown {
  if (!(error instanceof BpfError) || !mayBeUnknown(error.code)) return error;
  const missing = missingFor(kinds, kernel);
  return missing === undefined ? error : withRemedy(error, missing);
}

/** Runs a call that is about these kinds; its errors say which kernel knows them. */
export function needing<T>(kinds: Kinds, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw explainRefusal(error, kinds);
  }
}

/** A map or program of an object that was not loaded. */
export interface Part extends Kinds {
  readonly name: string;
}

/** libbpf: "map 'm': failed to create", "prog 'p': BPF program load failed". */
const NAMED = /(?:map|prog) '([^']*)': (?:failed to create|BPF program load failed)/g;

/** libbpf, of the token that an open option names. */
const NO_TOKEN = /failed .* to (create BPF token from|open BPF FS mount at) /;

/** An object that was not loaded: the part that libbpf names, or else any that the kernel is too old for. */
export function explainLoad(
  error: unknown,
  parts: readonly Part[],
  kernel: Kernel = runningKernel(),
): unknown {
  // A verifier that has spoken knows the kind.
  if (!(error instanceof BpfError) || verifierLog(error.log) !== '') return error;
  if (NO_TOKEN.test(usefulLine(error.log))) {
    const remedy =
      unmet('a BPF token needs', since('6.9'), kernel) ??
      'a token is made of a BPF file system that belongs to the user namespace of this process (not the first one), mounted with delegate_cmds and its like';
    return withRemedy(error, remedy);
  }
  const named = new Set([...error.log.matchAll(NAMED)].map((match) => match[1]));
  const guilty = parts.filter(({ name }) => named.has(name));
  let explained: unknown = error;
  for (const part of guilty.length > 0 ? guilty : parts) {
    explained = explainRefusal(error, part, kernel);
    if (explained !== error) break;
  }
  return explained;
}
