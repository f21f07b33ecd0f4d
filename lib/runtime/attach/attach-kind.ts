/** One way to attach a program, described once: for its method, its errors, the tables in docs and the random calls. */
import type { Requirement } from '../../uapi/requirement';
import { checkOptions, type Shape } from '../../util/check';

export interface AttachKind<Options extends object> {
  /** libbpf's function. */
  readonly call: string;
  /** What the kernel must be for that. */
  readonly needs: Requirement;
  /**
   * The names of sections by which bpf_program__attach comes to it, where neither the program's type nor its attach type
   * says so.
   */
  readonly sections?: readonly string[];
  /** The rules of its options. */
  readonly options: Shape<Options>;
}

/** One of them all. */
export type AnyAttachKind = Omit<AttachKind<object>, 'options'> & {
  readonly options: Readonly<Record<string, unknown>>;
};

/** `Options`, the interface of the options, has to be named: a member without a rule does not compile. */
export const attachKind = <Options extends object = never>(
  kind: AttachKind<NoInfer<Options>>,
): AttachKind<Options> => kind;

/** What a kind without options takes. */
export type NoOptions = Readonly<Record<string, never>>;

export const checkKind = <Options extends object>(kind: AttachKind<Options>, options: unknown): void =>
  checkOptions<Options>(options, 'options', kind.options);
