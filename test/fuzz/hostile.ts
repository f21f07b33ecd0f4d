/** Values that nobody should pass: of the wrong type, too large, detached, or with code inside that gets in the way. */
import type { Random } from './random';
import type { World } from './world';

const detached = (): Uint8Array => {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};

/** No number here is an id or a pid of anybody, no text a path of anything: they reach whatever takes one. */
const VALUES: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => NaN,
  () => Infinity,
  () => 2 ** 31,
  () => 2 ** 32 - 1,
  () => 2 ** 32,
  () => 2 ** 53,
  () => -1n,
  () => 2n ** 63n,
  () => 2n ** 64n,
  () => '',
  () => 'a\0b',
  () => '\ud800',
  () => 'x'.repeat(5000),
  () => '__proto__',
  () => Symbol('s'),
  () => ({}),
  () => [],
  () => [[]],
  () => Object.create(null) as object,
  () => new Map([[{}, 1]]),
  () => () => undefined,
  () => new Uint8Array(0),
  () => new Uint8Array(3),
  () => new Uint8Array(70_000),
  () => new Float64Array(2),
  () => new DataView(new ArrayBuffer(4)),
  () => new Uint8Array(new SharedArrayBuffer(8)),
  () => new Uint8Array(Reflect.construct(ArrayBuffer, [8, { maxByteLength: 64 }]) as ArrayBuffer),
  () => detached(),
  () => new Date(NaN),
  () => /x/,
  () => Promise.resolve(1),
  () => new Proxy([], {}),
  () => new Proxy(new Uint8Array(8), {}),
  () => globalThis,
];

/** What decides how much memory the kernel takes: the machine is not ours alone. */
const SIZES = /maxEntries|valueSize|^value$|size$|resize|pages|setLogBuffer|dataSizeOut|repeat/i;

/** `place` is the name of what takes it. */
export function hostileFor(place: string, random: Random, world: World): unknown {
  const value = hostile(random, world);
  return SIZES.test(place) && typeof value === 'number' && value > 1 << 16 ? -1 : value;
}

function hostile(random: Random, world: World): unknown {
  if (random.chance(0.3)) return meddling(random, world);
  // Something of ours in a place where it does not belong.
  if (random.chance(0.2)) return world.anything(random);
  return random.pick(VALUES)();
}

/** A value that runs code where a value is read: the code closes, collects, or calls something else. */
function meddling(random: Random, world: World): unknown {
  const act = (): void => world.meddle();
  const value = random.pick([1, 8, 'x', 1n, new Uint8Array(8), {}]);
  switch (random.below(6)) {
    case 0:
      return {
        valueOf: () => (act(), 1),
        toString: () => (act(), 'x'),
        [Symbol.toPrimitive]: () => (act(), 1),
      };
    case 1:
      return new Proxy(
        {},
        {
          get: (_, key) => (act(), key === 'length' ? 2 : value),
          has: () => (act(), true),
          ownKeys: () => (act(), ['key', 'type', 'size']),
          getOwnPropertyDescriptor: () => (act(), { configurable: true, enumerable: true, value }),
        },
      );
    case 2:
      return {
        *[Symbol.iterator]() {
          for (let i = 0; i < 3; i++) {
            act();
            yield [i, value];
          }
        },
      };
    case 3:
      return options(['type', 'key', 'value', 'size', 'context', 'signal', 'x', 'y'], act, value);
    case 4:
      return class extends Uint8Array {
        override get length(): number {
          act();
          return 2 ** 31;
        }
      };
    default:
      return (...given: unknown[]) => (act(), given.length > 0);
  }
}

function options(names: readonly string[], act: () => void, value: unknown): object {
  const result = {};
  for (const name of names) {
    Object.defineProperty(result, name, { enumerable: true, get: () => (act(), value) });
  }
  return result;
}
