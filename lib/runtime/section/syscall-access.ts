/** Reads and writes of a section that cannot be mapped: its map's one element, whole, by system call. */
import { ReadOnlyError } from '../../errors';
import type { SyscallAccess } from '../../memory/region/region-memory';
import type { NativeElements } from '../../native/surface/elements';
import { BPF_F_LOCK } from '../../uapi/map-flags';
import { ElementCalls } from '../map/elements/element-calls';
import { SPIN_LOCK, type SpecialField } from '../map/elements/special-fields';

/**
 * Where the value has a spin lock, the kernel copies it while holding that: nobody sees half of a change. A write reads
 * the section, changes its part and stores the whole: what BPF programs write to the rest in between is undone.
 */
export function syscallAccess(
  native: { readonly name: string; elements(): NativeElements },
  special: readonly SpecialField[],
): SyscallAccess {
  const calls = new ElementCalls(native.elements(), native.name, () => native.elements());
  const { keyBytes: key, valueBytes: value } = calls;
  const flags = special.some(({ type }) => type === SPIN_LOCK) ? BPF_F_LOCK : 0;
  const read = (): Uint8Array => {
    key.fill(0);
    calls.lookup(flags);
    return value;
  };
  return {
    read: () => read().slice(),
    write(offset, bytes) {
      for (const field of special) {
        if (offset < field.offset + field.size && field.offset < offset + bytes.length) {
          throw new ReadOnlyError(
            `the kernel keeps the ${field.type} of map '${native.name}' for itself: it cannot be written`,
          );
        }
      }
      read().set(bytes, offset);
      calls.update(flags);
    },
  };
}
