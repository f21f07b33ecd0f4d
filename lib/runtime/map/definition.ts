/** What is decided about a map before its object is loaded, where more is to be said than one setter of libbpf. */
import { ArgumentError } from '../../errors';
import { BPF_F_NUMA_NODE } from '../../uapi/map-flags';
import type { NativeMap } from '../../native/surface/map';
import { mapTraits, mapTypeName, mapTypeNames, mapTypeNumber } from '../../uapi/map-types';
import { checkInteger, checkString } from '../../util/check';
import { alternatives } from '../../util/suggest';
import type { MapState } from './map-state';

/** The number of the map type that the user names. @throws ArgumentError with what was perhaps meant */
export function mapTypeOf(type: unknown, name: string): number {
  checkString(type, name);
  const number = mapTypeNumber(type);
  if (number !== undefined) return number;
  throw new ArgumentError(`${name}: there is no map type '${type}'${alternatives(type, mapTypeNames())}`);
}

const SETTERS = {
  keySize: 'setKeySize',
  valueSize: 'setValueSize',
  maxEntries: 'setMaxEntries',
  flags: 'setFlags',
} as const;

export function setUint32(state: MapState, what: keyof typeof SETTERS, n: number): void {
  checkInteger(n, what, 0, 0xffff_ffff);
  state.define(what)[SETTERS[what]](n);
}

export function setValueSize(state: MapState, section: string | undefined, n: number): void {
  // Variables would not be told.
  if (section !== undefined) {
    throw new ArgumentError(`map '${state.name}' is a data section: resize() that`);
  }
  setUint32(state, 'valueSize', n);
}

/**
 * `__type(value, struct event)` of a ring buffer or perf event array says what its records are; the kernel has sizes of its own
 * for those, and refuses others. Only before load.
 */
export function fitRecordMap(native: NativeMap): void {
  const { recordsOf } = mapTraits(mapTypeName(native.type));
  if (recordsOf === undefined) return;
  if (native.keySize !== 0 && native.keySize !== recordsOf) native.setKeySize(recordsOf);
  if (native.valueSize !== 0 && native.valueSize !== recordsOf) native.setValueSize(recordsOf);
}

export function numaNodeOf({ source, definition }: MapState): number | undefined {
  return (source.flags & BPF_F_NUMA_NODE) === 0 ? undefined : definition?.numaNode;
}

/** The kernel does not look at the node without the flag. */
export function setNumaNode(state: MapState, node: number | undefined): void {
  if (node !== undefined) checkInteger(node, 'numaNode', 0, 0x7fff_ffff);
  const definition = state.define('numaNode');
  definition.setNumaNode(node ?? 0);
  const others = (state.source.flags & ~BPF_F_NUMA_NODE) >>> 0;
  definition.setFlags(node === undefined ? others : (others | BPF_F_NUMA_NODE) >>> 0);
}
