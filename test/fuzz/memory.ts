/** What can be done to arrays and buffers, those over the kernel's memory among them: written, moved away, detached. */
import type { Random } from './random';

export type Memory = ArrayBufferView | ArrayBuffer;

/** transfer() is there since Node.js 22. */
interface Movable {
  transfer?(length?: number): ArrayBuffer;
}

const CALLS: Readonly<
  Record<string, readonly [weight: number, (bytes: Uint8Array, random: Random) => unknown]>
> = {
  write: [9, (bytes, random) => void (bytes[random.below(bytes.length + 1)] = random.next())],
  fill: [5, (bytes, random) => void bytes.fill(random.next())],
  read: [5, (bytes) => bytes.reduce((sum, each) => sum + each, 0)],
  slice: [2, (bytes) => bytes.slice()],
  subarray: [2, (bytes, random) => bytes.subarray(random.below(5))],
  'a copy of': [2, (bytes) => structuredClone(bytes)],
  'detach by transfer list': [
    1,
    ({ buffer }) => structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }),
  ],
  transfer: [
    1,
    ({ buffer }, random) => (buffer as Movable).transfer?.(random.pick([undefined, 0, 8, 1 << 16])),
  ],
  Atomics: [1, ({ buffer }) => Atomics.add(new Int32Array(buffer, 0, 1), 0, 1)],
};
const WEIGHTS = Object.fromEntries(Object.entries(CALLS).map(([name, [weight]]) => [name, weight]));

export function memoryCall(memory: Memory, random: Random): [name: string, call: () => unknown] {
  const name = random.weighted(WEIGHTS);
  const bytes = (): Uint8Array =>
    ArrayBuffer.isView(memory)
      ? new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength)
      : new Uint8Array(memory);
  return [`memory: ${name}`, () => (CALLS[name] as (typeof CALLS)[string])[1](bytes(), random)];
}
