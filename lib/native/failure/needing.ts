/**
 * Refusals that are about a kind of map, program, attachment or link: the kernel answers EINVAL to all that it does not
 * know, and says no more. These say which kernel knows it.
 */
import { BpfError } from '../../errors';
import { attachTypes } from '../../uapi/attach-types';
import { linkTypes } from '../../uapi/link-types';
import { mapTypes } from '../../uapi/map-types';
import { programTypes } from '../../uapi/program-types';
import { since, type Requirement } from '../../uapi/requirement';
import { gaveUp, withReason, withRemedy } from './failure';
import { runningKernel, unmet, type Kernel } from './kernel';
import { withoutRawTracepoint } from './kernel-events';
import { readLog } from './log';
import { wrongShape, type MapShape } from './map-shapes';
import { verifierError } from './rejection';
import { readVerdict } from './verdict';
import { missingPrivilege, missingToLoad, securityModules } from './privileges';
import { mayBeUnknown } from './remedies';

/** What a call is about, by the kernel's own names ('ringbuf', 'xdp', 'tcx_ingress'); each only if there is one. */
export interface Kinds {
  readonly mapType?: string | undefined;
  readonly programType?: string | undefined;
  readonly attachType?: string | undefined;
  readonly linkType?: string | undefined;
  /** The libbpf function that the one that failed has called: "bpf_program__attach_kprobe". */
  readonly call?: string | undefined;
  /** What the kernel must be for that. */
  readonly needs?: Requirement | undefined;
}

interface Needing {
  readonly needs?: Requirement;
  readonly atAttach?: true;
}

const TABLES: readonly (readonly [
  Exclude<keyof Kinds, 'call' | 'needs'>,
  string,
  (name: string) => Needing | undefined,
])[] = [
  ['mapType', 'maps', mapTypes.row],
  ['programType', 'programs', programTypes.row],
  ['attachType', 'attachments', attachTypes.row],
  ['linkType', 'links', linkTypes.row],
];

/**
 * What the kernel is missing for one of the kinds: "maps of type 'arena' need kernel 6.9; this is 5.10.0". `loading`: what
 * is only needed to attach is not asked for.
 */
export function missingFor(
  kinds: Kinds,
  kernel: Kernel = runningKernel(),
  loading = false,
): string | undefined {
  for (const [key, what, rowOf] of TABLES) {
    const kind = kinds[key];
    const row = kind === undefined ? undefined : rowOf(kind);
    if (kind === undefined || row?.needs === undefined || (loading && row.atAttach === true)) continue;
    const missing = unmet(`${what} of type '${kind}' need`, row.needs, kernel);
    if (missing !== undefined) return missing;
  }
  const { call = '', needs } = kinds;
  return needs && unmet(`${call} needs`, needs, kernel);
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
  /** Of a map: what it was to be made like. */
  readonly shape?: () => MapShape;
  /** Of a program. */
  readonly section?: string;
  /** What the verifier wrote into a buffer of the program's own, instead of into libbpf's log. */
  readonly ownLog?: () => string | undefined;
}

/** libbpf, of the token that an open option names. */
const NO_TOKEN = /failed .* to (create BPF token from|open BPF FS mount at) /;

/** Why the kernel refuses a program of this kind, whatever its instructions are; undefined where it cannot be told. */
function whyRefused(part: Part, code: string, kernel: Kernel): string | undefined {
  if (!forbidden(code) && !mayBeUnknown(code)) return undefined;
  return (
    missingFor(part, kernel, true) ??
    (forbidden(code)
      ? (missingPrivilege('load') ??
        securityModules() ??
        'it may be built or restricted so that it does not allow this kind of program')
      : 'it may not know this kind of program, or not for this target')
  );
}

const forbidden = (code: string): boolean => code === 'EPERM' || code === 'EACCES';
const LEAVE_OUT = '; autoload = false leaves the program out';

function explainProgram(error: BpfError, part: Part, kernel: Kernel): BpfError {
  const own = part.ownLog?.() ?? '';
  if (gaveUp(error.code) && own !== '') return error;
  const verdict = readVerdict(own);
  if (verdict.reason !== '') {
    const { operation, code, errno, syscall, log } = error;
    return verifierError({ operation, code, errno, syscall, log: log + own }, part.name, verdict);
  }
  const why = whyRefused(part, error.code, kernel);
  if (why === undefined) return error;
  const what = part.section === undefined ? '' : ` (SEC("${part.section}"))`;
  return withReason(
    error,
    `the kernel refused program '${part.name}'${what} before it looked at its instructions: ${why}${forbidden(error.code) ? LEAVE_OUT : ''}`,
  );
}

/** libbpf looks for the type of a raw tracepoint: that there is none says that there is no such tracepoint. */
function missingTracepoint(program: string, reason: string, parts: readonly Part[]): string | undefined {
  const name = /failed to find kernel BTF type ID of '([^']*)'/.exec(reason)?.[1];
  const section = parts.find((part) => part.name === program)?.section;
  if (name === undefined || section === undefined || !/^tp_btf\b/.test(section)) return undefined;
  return `${withoutRawTracepoint(name)}, the target of program '${program}'`;
}

function explainMap(error: BpfError, part: Part, kernel: Kernel): unknown {
  const wrong = error.code === 'EINVAL' ? part.shape && wrongShape(part.name, part.shape()) : undefined;
  return wrong === undefined ? explainRefusal(error, part, kernel) : withReason(error, wrong);
}

/**
 * The error of an object that was not loaded, about the map or program that libbpf names: what the kernel lacks for
 * others has not been asked for yet. Where the verifier or libbpf gives a reason, it is left as it is.
 */
export function explainLoad(
  error: unknown,
  parts: readonly Part[],
  kernel: Kernel = runningKernel(),
): unknown {
  if (!(error instanceof BpfError)) return error;
  const { failed, reason, refusedByKernel, verdict } = readLog(error.log);
  if (NO_TOKEN.test(reason)) {
    const remedy =
      unmet('a BPF token needs', since('6.9'), kernel) ??
      'a token is made of a BPF file system that belongs to the user namespace of this process (not the first one), mounted with delegate_cmds and its like';
    return withRemedy(error, remedy);
  }
  if (forbidden(error.code) && verdict === undefined) {
    const missing = missingToLoad(parts.flatMap(({ programType = [] }) => programType));
    if (missing !== undefined) return withReason(error, missing);
  }
  if (failed === undefined) return error;
  const missing = missingTracepoint(failed.name, reason, parts);
  if (missing !== undefined) return withReason(error, missing);
  if (!refusedByKernel) return error;
  const ofMap = failed.kind === 'map';
  const part = parts.find(({ name, mapType }) => name === failed.name && (mapType !== undefined) === ofMap);
  if (part === undefined) return error;
  return ofMap ? explainMap(error, part, kernel) : explainProgram(error, part, kernel);
}
