import type { Type } from '../../btf/layout/layout-model';

const SIZES = [1, 2, 4, 8] as const;

type Bits<N extends number> = `${'' | '__'}${'u' | 's'}${N}` | `${'' | 'u'}int${N}_t`;

/** The names of those that have 64 bits. */
export type WideName = Bits<64> | `${'' | 'unsigned '}long${'' | ' long'}`;

/** All names that scalarType() knows. */
export type ScalarName =
  WideName | Bits<8 | 16 | 32> | `${'' | 'unsigned '}${'short' | 'int'}` | `${'' | 'un'}signed char`;

/** The C names of integers: of the kernel (__u64), of its short ones (u64), of stdint.h, and those of C itself. */
function integers(): Map<string, Type> {
  const types = new Map<string, Type>();
  const add = (spelling: string, size: (typeof SIZES)[number], signed: boolean): void => {
    types.set(spelling, { kind: 'int', spelling, size, signed });
  };
  for (const size of SIZES) {
    const bits = String(8 * size);
    for (const prefix of ['', '__']) {
      add(`${prefix}u${bits}`, size, false);
      add(`${prefix}s${bits}`, size, true);
    }
    add(`uint${bits}_t`, size, false);
    add(`int${bits}_t`, size, true);
  }
  for (const [name, size] of [
    ['short', 2],
    ['int', 4],
    ['long', 8],
    ['long long', 8],
  ] as const) {
    add(name, size, true);
    add(`unsigned ${name}`, size, false);
  }
  add('signed char', 1, true);
  add('unsigned char', 1, false);
  return types;
}

const INTEGERS = integers();

/** The type of that C name; undefined where it is none of an integer. */
export function scalarType(name: string): Type | undefined {
  return INTEGERS.get(name);
}

export const scalarNames = (): string[] => [...INTEGERS.keys()];
