/** What is attached, seen from the ways to attach: a program's native handle, and who gets the link. */
import type { RawBtf } from '../../btf/records/record-table';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { needing, type Kinds } from '../../native/failure/needing';
import type { NativeAttachments } from '../../native/surface/attach';
import type { NativeLink } from '../../native/surface/link';
import type { NativeProgram } from '../../native/surface/program';
import { refuse } from '../../util/check';
import { Internals } from '../../util/internals';
import { OURS } from '../../util/ours';
import { BpfLink } from '../link/bpf-link';

/** A BpfProgram, as the ways to attach need it. */
export interface AnyProgram {
  readonly name: string;
  /** -1 before load. */
  readonly fd: number;
}

/** What stands behind a BpfProgram: nothing public leads to it. */
export interface Attachable {
  readonly program: AnyProgram;
  readonly native: NativeProgram;
  /** The open links of its owner; undefined for a program without one. */
  readonly links: Set<BpfLink> | undefined;
  /** The BTF of its object; undefined for a program without one. */
  readonly btf: (() => RawBtf) | undefined;
}

const attachables = new Internals<object, Attachable>();

/** Makes `attachable.program` one that others can name: as a neighbour, as a target. */
export const keepAttachable = (attachable: Attachable): void =>
  attachables.keep(attachable.program, attachable);

export const isProgram = (value: unknown): value is AnyProgram =>
  typeof value === 'object' && value !== null && attachables.of(value) !== undefined;

/** @throws ArgumentError for what is not a BpfProgram */
export function checkProgram(value: unknown, name: string): asserts value is AnyProgram {
  if (!isProgram(value)) refuse(name, 'a BpfProgram', value);
}

/** Makes a link of the program: `make` calls the addon, `kinds` are what the kernel has to know for it. */
export function makeLink(
  { program, native, links, btf }: Attachable,
  kinds: Kinds,
  make: (native: NativeProgram) => NativeLink,
): BpfLink {
  ensureStack(SHALLOW);
  return new BpfLink(
    OURS,
    needing(kinds, () => make(native)),
    program,
    links,
    btf,
  );
}

/** A link by one of the addon's kinds of attachment. */
export const attachWith = <Kind extends keyof NativeAttachments>(
  program: Attachable,
  kind: Kind,
  options: NativeAttachments[Kind],
  kinds: Kinds,
): BpfLink => makeLink(program, kinds, (native) => native.attachWith(kind, options));
