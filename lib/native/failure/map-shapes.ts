/** Why the kernel makes no map of these sizes: it answers EINVAL to all of them. */
import { BPF_F_NO_PREALLOC } from '../../uapi/map-flags';
import { mapTraits } from '../../uapi/map-types';

export interface MapShape {
  readonly type: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
}

/** Its elements belong to cgroups, as those of storage do, and have keys of several kinds. */
const CGROUP_STORAGE = /^(percpu_)?cgroup_storage$/;
/** Whose values the kernel, or libbpf, decides on. */
const OWN_VALUES =
  /^(prog_array|perf_event_array|cgroup_array|array_of_maps|hash_of_maps|struct_ops|arena|insn_array)$/;

function entriesOf({ type, maxEntries }: MapShape): string | undefined {
  if (mapTraits(type).storage === true || CGROUP_STORAGE.test(type)) {
    return maxEntries === 0 ? undefined : `has max_entries ${String(maxEntries)}: a ${type} map must have 0`;
  }
  if (maxEntries > 0 || type === 'struct_ops') return undefined;
  return 'has max_entries 0: set maxEntries before load(), or max_entries in its definition';
}

function keyOf({ type, keySize, flags }: MapShape): string | undefined {
  const size = String(keySize);
  const { keyless, indexed, storage, recordsOf } = mapTraits(type);
  if (recordsOf === 0 || keyless === true) {
    return keySize === 0
      ? undefined
      : `has keys of ${size} bytes: a ${type} has none, leave out key or key_size`;
  }
  if (indexed === true || storage === true) {
    return keySize === 4 ? undefined : `has keys of ${size} bytes: ${type} needs __u32 (4 bytes)`;
  }
  if (type === 'lpm_trie') {
    if (keySize < 5)
      return `has keys of ${size} bytes: those of an lpm_trie are a __u32 (the prefix length) and the data`;
    return (flags & BPF_F_NO_PREALLOC) === 0 ? 'needs the flag BPF_F_NO_PREALLOC (map_flags)' : undefined;
  }
  return keySize > 0 || type === 'struct_ops' || type === 'arena'
    ? undefined
    : 'has no key size: set keySize before load(), or key in its definition';
}

function valueOf({ type, valueSize }: MapShape): string | undefined {
  const size = String(valueSize);
  if (mapTraits(type).recordsOf === 0) {
    return valueSize === 0
      ? undefined
      : `has values of ${size} bytes: a ${type} has none, leave out value or value_size (records are typed by their readers)`;
  }
  if (type === 'stack_trace') {
    if (valueSize > 0 && valueSize % 8 === 0) return undefined;
    return `${valueSize === 0 ? 'has no value size' : `has values of ${size} bytes`}: set valueSize to a multiple of 8, 8 bytes for each frame (at most kernel.perf_event_max_stack, 127 by default)`;
  }
  if (valueSize > 0 || OWN_VALUES.test(type)) return undefined;
  return 'has no value size: set valueSize before load(), or value in its definition';
}

/** "map 'start' has max_entries 0: set …"; undefined where nothing of it is known to be wrong. */
export function wrongShape(name: string, shape: MapShape): string | undefined {
  const wrong = [valueOf(shape), keyOf(shape), entriesOf(shape)].filter((what) => what !== undefined);
  return wrong.length === 0 ? undefined : `map '${name}' ${wrong.join('; it ')}`;
}
