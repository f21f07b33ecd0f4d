/**
 * Fields that the kernel keeps for itself in the values of maps: it shows zeros in their place and ignores what is
 * written there. A map with one of them cannot be mapped. kernel: btf_parse_fields in kernel/bpf/btf.c
 */
import type { Type } from '../../../btf/layout/layout-model';

export interface SpecialField {
  /** 'struct bpf_spin_lock' */
  readonly type: string;
  /** Bytes, from the start of the map's value. */
  readonly offset: number;
  readonly size: number;
}

const SPECIAL: ReadonlySet<string> = new Set(
  [
    'spin_lock',
    'res_spin_lock',
    'timer',
    'wq',
    'task_work',
    'list_head',
    'list_node',
    'rb_root',
    'rb_node',
    'refcount',
  ].map((name) => `struct bpf_${name}`),
);

/** The lock that BPF_F_LOCK takes. */
export const SPIN_LOCK = 'struct bpf_spin_lock';

/** The special fields of a value, or of a part of one that begins at `offset`. */
export function specialFields(type: Type, offset = 0): SpecialField[] {
  if (type.kind === 'array') {
    const { element, length } = type;
    // One element tells about all: arrays of plain values are the usual case, and may be long.
    if (specialFields(element).length === 0) return [];
    return Array.from({ length }, (_, i) => specialFields(element, offset + i * element.size)).flat();
  }
  if (type.kind !== 'struct' && type.kind !== 'union') return [];
  if (SPECIAL.has(type.spelling)) return [{ type: type.spelling, offset, size: type.size }];
  return type.members.flatMap((member) => specialFields(member.type, offset + member.bitOffset / 8));
}

/** Those of a section, whose variables together are its map's one value. */
export function specialFieldsOf(
  variables: Iterable<{ readonly type: Type; readonly offset: number }>,
): SpecialField[] {
  return [...variables].flatMap(({ type, offset }) => specialFields(type, offset));
}
