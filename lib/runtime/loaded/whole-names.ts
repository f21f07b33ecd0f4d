/** The whole names of what the kernel cuts at 15 characters, from the BTF that was loaded with it. */
import type { RawBtf } from '../../btf/records/record-table';
import { MAPS_SECTION } from '../../uapi/sections';

/** BPF_OBJ_NAME_LEN, without the NUL at its end. */
export const KERNEL_NAME_LENGTH = 15;

interface NamedMap {
  readonly name: string;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
}

/**
 * The name of a map in its source. Where several could be meant, or the BTF has no definitions of maps (cilium/ebpf loads
 * none), it stays what the kernel has: never a guess.
 */
export function wholeMapName(btf: RawBtf | undefined, map: NamedMap): string {
  if (btf === undefined || map.name.length < KERNEL_NAME_LENGTH) return map.name;
  const candidates = definitions(btf).filter(
    ({ name, key, value }) =>
      name.startsWith(map.name) && key === map.btfKeyTypeId && value === map.btfValueTypeId,
  );
  return candidates.length === 1 ? (candidates[0]?.name ?? map.name) : map.name;
}

/** The name of a program's function in its source, likewise. */
export function wholeProgramName(btf: RawBtf | undefined, name: string): string {
  if (btf === undefined || name.length < KERNEL_NAME_LENGTH) return name;
  const candidates: string[] = [];
  for (const id of btf.idsOfKind('func')) {
    const found = btf.nameOf(id);
    if (found.startsWith(name)) candidates.push(found);
  }
  return candidates.length === 1 ? (candidates[0] ?? name) : name;
}

interface Definition {
  readonly name: string;
  /** Ids of types; 0 where it has none. */
  readonly key: number;
  readonly value: number;
}

function definitions(btf: RawBtf): Definition[] {
  const found: Definition[] = [];
  for (const id of btf.idsOfKind('datasec')) {
    const section = btf.type(id);
    if (section.kind !== 'datasec' || section.name !== MAPS_SECTION) continue;
    for (const entry of section.entries) {
      const variable = btf.type(entry.type);
      if (variable.kind !== 'var') continue;
      found.push({
        name: variable.name,
        key: pointee(btf, variable.type, 'key'),
        value: pointee(btf, variable.type, 'value'),
      });
    }
  }
  return found;
}

/** `__type(key, T)` is a member `key` that points to T. */
function pointee(btf: RawBtf, definition: number, member: 'key' | 'value'): number {
  const type = btf.type(definition);
  if (type.kind !== 'struct') return 0;
  const found = type.members.find(({ name }) => name === member);
  const pointer = found === undefined ? undefined : btf.type(found.type);
  return pointer?.kind === 'ptr' ? pointer.type : 0;
}
