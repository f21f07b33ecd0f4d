/**
 * The error classes of the package. Each has a stable `code`; docs/errors.md lists them.
 * They are made here and never in C++, so that `instanceof` holds in every realm (jest, vm contexts).
 */
import type { ErrnoName } from './uapi/errno';
import type { OrNewer } from './uapi/kind-table';

/** The base of all of them: `error instanceof SubskelError` tells ours from anybody else's. */
export abstract class SubskelError extends Error {
  /** Stable: ERR_… of ours, or the name of an error number. */
  abstract readonly code: ErrorCode;

  override get name(): string {
    return this.constructor.name;
  }
}

/** What a failed libbpf or system call knows about itself. */
export interface BpfErrorDetails {
  /** What was being done, as a verb phrase: "load object 'agent'". */
  readonly operation: string;
  /** The errno name, e.g. 'ENOENT'. */
  readonly code: OrNewer<ErrnoName>;
  /** The positive errno, e.g. 2. */
  readonly errno: number;
  /** The libbpf function or system call that failed, e.g. 'bpf_object__load'. */
  readonly syscall: string;
  /** What libbpf and the verifier said during the call, whole; '' when they said nothing. */
  readonly log: string;
  /** What would help, where it is known. */
  readonly remedy?: string | undefined;
}

/** A libbpf function or a system call failed. `code` is the errno name. */
export class BpfError extends SubskelError implements BpfErrorDetails {
  readonly code: OrNewer<ErrnoName>;
  readonly operation: string;
  readonly errno: number;
  readonly syscall: string;
  readonly log: string;
  readonly remedy: string | undefined;

  constructor(details: BpfErrorDetails, message: string) {
    super(message);
    this.code = details.code;
    this.operation = details.operation;
    this.errno = details.errno;
    this.syscall = details.syscall;
    this.log = details.log;
    this.remedy = details.remedy;
    // The log can be megabytes: it is there for whoever asks, not in every console.log(error).
    Object.defineProperty(this, 'log', { enumerable: false });
  }
}

/** What the verifier said of a program, and where. */
export interface VerifierErrorDetails extends BpfErrorDetails {
  /** The program that it rejected; undefined where libbpf does not name it. */
  readonly program: string | undefined;
  /** The instruction that it was at, an index into the program as libbpf loads it; undefined where the reason is about no single one. */
  readonly instruction: number | undefined;
  /** The line of source of that instruction, as the log has it: file and line since kernel 6.9, and only if it was compiled with -g. */
  readonly source: VerifierSource | undefined;
  /** The verifier's own words. */
  readonly reason: string;
  /** What would help, where that is sure. */
  readonly hint: string | undefined;
}

/** A line of source in a {@link VerifierError}. */
export interface VerifierSource {
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  readonly text: string;
}

/**
 * The verifier rejected a program. The message has its reason, the line of source, the last instructions and a hint; `log` all
 * that libbpf and the verifier said. `errno` is the kernel's: EACCES, EINVAL, E2BIG, …
 */
export class VerifierError extends BpfError implements VerifierErrorDetails {
  declare readonly code: 'ERR_VERIFIER';
  readonly program: string | undefined;
  readonly instruction: number | undefined;
  readonly source: VerifierSource | undefined;
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(details: VerifierErrorDetails, message: string) {
    super(details, message);
    this.program = details.program;
    this.instruction = details.instruction;
    this.source = details.source;
    this.reason = details.reason;
    this.hint = details.hint;
  }

  /** Name and message; 'full' adds the whole log. */
  override toString(detail?: 'full'): string {
    const said = `${this.name}: ${this.message}`;
    return detail === 'full' ? `${said}\n\n${this.log.trimEnd()}\n` : said;
  }
}

/** Something was used after close(). */
export class ClosedError extends SubskelError {
  readonly code = 'ERR_CLOSED';
}

/** A write to memory that the kernel, or the object's own layout, makes read-only. */
export class ReadOnlyError extends SubskelError {
  readonly code = 'ERR_READ_ONLY';
}

/** Something is only known, or only possible, after load(). */
export class NotLoadedError extends SubskelError {
  readonly code = 'ERR_NOT_LOADED';
}

/** Something is only possible before load(). */
export class AlreadyLoadedError extends SubskelError {
  readonly code = 'ERR_ALREADY_LOADED';
}

/** The kernel, the object or the build cannot do this; the message says why and what would. */
export class UnsupportedError extends SubskelError {
  readonly code = 'ERR_UNSUPPORTED';
}

/** It is in use in a way that excludes this: a ring buffer has one reader, and a reader one consumer at a time. */
export class BusyError extends SubskelError {
  readonly code = 'ERR_BUSY';
}

/** A record is not what its reader was told to expect: too short for its type, or with a tag that names none. */
export class RecordError extends SubskelError {
  readonly code = 'ERR_RECORD';
}

/** No map, program, section, variable or type of that name. */
export class NotFoundError extends SubskelError {
  readonly code = 'ERR_NOT_FOUND';
}

/** The file is not a BPF ELF object, or is damaged. `place` names where: a section, an offset. */
export class ElfError extends SubskelError {
  readonly code = 'ERR_ELF';
  readonly place: string;
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.place = place;
  }
}

/** The BTF is missing or damaged. `place` names where: a header field, a type id. */
export class BtfError extends SubskelError {
  readonly code = 'ERR_BTF';
  readonly place: string;
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.place = place;
  }
}

/**
 * A descriptor has the wrong shape or version, or the layout of a type is none that C could have. `path` names the offending
 * field, e.g. `variables[3].type`, `options.value.members[0].bitOffset`.
 */
export class DescriptorError extends SubskelError {
  readonly code = 'ERR_DESCRIPTOR';
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
  }
}

/** One thing that keeps a subskeleton from being opened. */
export interface SubskeletonProblem {
  readonly kind: 'missing' | 'section' | 'linkage' | 'size' | 'layout' | 'type' | 'ambiguous';
  /** What it is about: a variable, a map, a program or a whole section. */
  readonly subject: 'variable' | 'map' | 'program' | 'section';
  readonly name: string;
  readonly section?: string | undefined;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly hint?: string | undefined;
}

/** The final object does not fit the library's descriptor. `problems` lists everything at once. */
export class SubskeletonError extends SubskelError {
  readonly code = 'ERR_SUBSKELETON';
  readonly problems: readonly SubskeletonProblem[];
  constructor(message: string, problems: readonly SubskeletonProblem[]) {
    super(message);
    this.problems = problems;
  }
}

/** The generator cannot write what was asked for. One line a problem. */
export class CodegenError extends SubskelError {
  readonly code = 'ERR_CODEGEN';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** BPF objects could not be linked. */
export class LinkError extends SubskelError {
  readonly code = 'ERR_LINK';
  readonly log: string;
  constructor(message: string, log = '') {
    super(message);
    this.log = log;
  }
}

/** A BPF library package cannot be used as it is: its package.json, its files, or a second version beside it. */
export class PackageError extends SubskelError {
  readonly code = 'ERR_PACKAGE';
  /** The package's name. */
  readonly package: string;
  constructor(name: string, problem: string) {
    super(`package '${name}': ${problem}`);
    this.package = name;
  }
}

/** The native addon could not be loaded; the message says what was found and what to type next. */
export class AddonError extends SubskelError {
  readonly code = 'ERR_ADDON';
}

/** An argument of the wrong type. */
export class ArgumentError extends TypeError {
  readonly code = 'ERR_INVALID_ARG';
}

/** A value that does not fit the C type it is meant for. Nothing has been changed. */
export class ValueRangeError extends RangeError {
  readonly code = 'ERR_OUT_OF_RANGE';
}

/** The codes of this package's own, by the classes that have them. */
type OwnError =
  | ClosedError
  | ReadOnlyError
  | NotLoadedError
  | AlreadyLoadedError
  | UnsupportedError
  | BusyError
  | RecordError
  | NotFoundError
  | ElfError
  | BtfError
  | DescriptorError
  | SubskeletonError
  | CodegenError
  | LinkError
  | AddonError
  | ArgumentError
  | ValueRangeError;

/** What `code` of an error of this package can be, to switch over. */
export type ErrorCode = OrNewer<OwnError['code'] | ErrnoName>;
