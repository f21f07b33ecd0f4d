/** What may be thrown: errors of ours with a code that docs/errors.md has, and those of the fuzzer itself. */
import type * as Subskel from '../../lib';

/** Thrown by the fuzzer's own callbacks. */
export class Planned extends Error {}

const OURS = new Set([
  'ERR_CLOSED',
  'ERR_READ_ONLY',
  'ERR_NOT_LOADED',
  'ERR_ALREADY_LOADED',
  'ERR_UNSUPPORTED',
  'ERR_BUSY',
  'ERR_RECORD',
  'ERR_NOT_FOUND',
  'ERR_SUBSKELETON',
  'ERR_ELF',
  'ERR_BTF',
  'ERR_DESCRIPTOR',
  'ERR_CODEGEN',
  'ERR_LINK',
  'ERR_INVALID_ARG',
  'ERR_OUT_OF_RANGE',
]);

export class Judge {
  readonly #subskel: typeof Subskel;

  constructor(subskel: typeof Subskel) {
    this.#subskel = subskel;
  }

  /** Why this must not have been thrown; undefined where it may. */
  objection(error: unknown): string | undefined {
    const { BpfError, SubskelError, ArgumentError, ValueRangeError, VerifierError } = this.#subskel;
    if (error instanceof Planned || isAbort(error)) return undefined;
    if (!(error instanceof Error)) return `no Error: ${String(error)}`;
    if (error.message === '') return 'no message';
    if (error instanceof BpfError) {
      const code = error instanceof VerifierError ? /^ERR_VERIFIER$/ : /^(E|LIBBPF_ERRNO__)[A-Z0-9]+$/;
      const wrong = !code.test(error.code) || error.errno <= 0 || error.syscall === '';
      return wrong ? `errno name '${error.code}', errno ${error.errno}, of '${error.syscall}'` : undefined;
    }
    const { code } = error as { readonly code?: unknown };
    const ours =
      error instanceof SubskelError || error instanceof ArgumentError || error instanceof ValueRangeError;
    if (!ours) return isOfFile(error) ? undefined : 'not one of our errors';
    return OURS.has(code as string) ? undefined : `code ${String(code)} is not in docs/errors.md`;
  }

  /** JavaScript's own TypeError and RangeError may come, too: where the receiver, or an @internal parameter, is wrong. */
  lenient(error: unknown): string | undefined {
    const plain = error instanceof TypeError || error instanceof RangeError;
    return plain ? undefined : this.objection(error);
  }
}

/** Node's own, of a file that cannot be read: as documented. */
const isOfFile = (error: Error): boolean =>
  'syscall' in error && ['open', 'read'].includes(error.syscall as string) && 'path' in error;

const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && ['AbortError', 'DataCloneError'].includes(error.name);
