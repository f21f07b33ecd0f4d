/** What the fuzzer tells apart among the values that it gets: by class where they have one of ours. */
import type * as Subskel from '../../lib';

/** How often a thing of this kind is what a step is about. Kinds that are not here are taken once in a while. */
export const WEIGHTS: Readonly<Record<string, number>> = {
  BpfObject: 4,
  BpfMap: 10,
  BpfProgram: 5,
  BpfLink: 4,
  Section: 4,
  Variable: 8,
  view: 4,
  array: 3,
  RingBuffer: 4,
  PerfBuffer: 2,
  UserRingBuffer: 3,
  UserSample: 2,
  iterator: 4,
  Btf: 2,
  NativeObject: 3,
  NativeMap: 4,
  NativeProgram: 3,
  NativeLink: 2,
  NativeElements: 4,
  NativeRingBuffer: 3,
  NativePerfBuffer: 2,
  NativeUserRingBuffer: 2,
  NativePages: 1,
};

const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'Promise', 'Function', 'Date', 'Error']);

/** undefined: nothing to keep. */
export function kindOf(value: unknown, subskel: typeof Subskel): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (ArrayBuffer.isView(value)) return 'array';
  if (value instanceof ArrayBuffer) return 'buffer';
  if (value instanceof Error) return undefined;
  const { StructView, ArrayView, RecordView } = subskel;
  if ([StructView, ArrayView, RecordView].some((view) => value instanceof view)) return 'view';
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return handleOf(value);
  if ('waitUntil' in value && 'changes' in value) return 'Variable';
  if ('next' in value && typeof value.next === 'function') return 'iterator';
  const { name } = prototype.constructor;
  return PLAIN.has(name) || name === '' ? undefined : name;
}

/** What share() gave. */
function handleOf(value: object): string | undefined {
  return 'token' in value && 'kind' in value ? 'handle' : undefined;
}
