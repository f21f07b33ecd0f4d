/**
 * What every layout keeps to, wherever it comes from: sizes that there are, members inside of their struct, and bounds on what
 * a hostile one could make endless or exponential. A value of a layout is a tree; `nodes` counts it.
 */
import { MAX_EMPTY_ELEMENTS, MAX_NODES } from '../limits';

/** In bytes, by kind. */
export const SIZES = {
  int: [1, 2, 4, 8, 16],
  bool: [1, 2, 4, 8],
  float: [2, 4, 8, 12, 16],
  enum: [1, 2, 4, 8],
} as const;

/** How large a value is. */
export interface Extent {
  /** Bytes. */
  readonly size: number;
  /** How many types it consists of, written out as a tree. */
  readonly nodes: number;
  /** How many array elements without a size are in it. */
  readonly empty: number;
}

type Fail = (problem: string) => Error;

export const scalarExtent = (size: number): Extent => ({ size, nodes: 1, empty: 0 });

export function arrayExtent(element: Extent, length: number, fail: Fail): Extent {
  const size = element.size * length;
  if (!Number.isSafeInteger(size)) {
    throw fail(`has ${String(length)} elements of ${String(element.size)} bytes: more than any memory`);
  }
  const empty = length * (element.size === 0 ? Math.max(1, element.empty) : element.empty);
  checkEmpty(empty, fail);
  return { size, nodes: counted(element.nodes + 1, fail), empty };
}

/** Collects the members of a struct or union. Counts as it goes: a check at the end would come too late. */
export class StructExtent implements Extent {
  readonly size: number;
  nodes = 1;
  empty = 0;
  readonly #kind: string;

  constructor(kind: 'struct' | 'union', size: number) {
    this.#kind = kind;
    this.size = size;
  }

  /** `fail` is about the struct, `failMember` about the member. */
  add(
    member: { readonly kind: string; readonly bitOffset: number; readonly bitSize: number },
    extent: Extent,
    fail: Fail,
    failMember: Fail,
  ): void {
    const { kind, bitOffset, bitSize } = member;
    if (bitSize === 0) {
      if (bitOffset % 8 !== 0) throw failMember(`starts at bit ${String(bitOffset)}, but is no bitfield`);
    } else if (kind !== 'int' && kind !== 'char' && kind !== 'bool' && kind !== 'enum') {
      throw failMember(`is a bitfield of type ${kind}`);
    } else if (bitSize > extent.size * 8) {
      throw failMember(
        `is a bitfield of ${String(bitSize)} bits, but its type has ${String(extent.size * 8)}`,
      );
    }
    const end = bitOffset + (bitSize === 0 ? extent.size * 8 : bitSize);
    const room = this.size * 8;
    if (end > room) throw failMember(`ends at bit ${String(end)}, but the ${this.#kind} has ${String(room)}`);
    this.nodes = counted(this.nodes + extent.nodes, fail);
    this.empty += extent.empty;
    checkEmpty(this.empty, fail);
  }
}

function counted(nodes: number, fail: Fail): number {
  if (nodes > MAX_NODES) throw fail(`consists of more than ${String(MAX_NODES)} members`);
  return nodes;
}

function checkEmpty(count: number, fail: Fail): void {
  if (count > MAX_EMPTY_ELEMENTS) throw fail(`has ${String(count)} elements of no size`);
}
