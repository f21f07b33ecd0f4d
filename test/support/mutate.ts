/** Damages bytes at random, reproducibly: the same seed gives the same damage. */

/** A generator of uniform integers below a bound (mulberry32). */
export function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * bound);
  };
}

/** A part of a file that is worth damaging more often than by chance. */
export interface Region {
  readonly offset: number;
  readonly size: number;
}

const WORDS = [
  0, 1, 2, 3, 7, 12, 0x7f, 0xff, 0x100, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** A damaged copy of `bytes`, with most of the damage in `regions`. */
export function mutate(bytes: Uint8Array, regions: readonly Region[], seed: number): Uint8Array {
  const below = random(seed);
  let copy = new Uint8Array(bytes);
  const times = 1 + below(4);
  for (let n = 0; n < times; n++) copy = damage(copy, regions, below);
  return copy;
}

function damage(
  bytes: Uint8Array<ArrayBuffer>,
  regions: readonly Region[],
  below: (bound: number) => number,
): Uint8Array<ArrayBuffer> {
  const whole = { offset: 0, size: bytes.length };
  const region = regions.length > 0 && below(8) > 0 ? (regions[below(regions.length)] ?? whole) : whole;
  const at = Math.min(region.offset + below(Math.max(1, region.size)), bytes.length - 1);
  const word = Math.min(region.offset + 4 * below(Math.max(1, region.size >> 2)), bytes.length - 4);
  if (bytes.length < 8) return bytes;
  const view = new DataView(bytes.buffer);
  switch (below(9)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      break;
    case 1:
      bytes[at] = below(256);
      break;
    case 2:
      view.setUint32(word, WORDS[below(WORDS.length)] ?? 0, true);
      break;
    case 3:
      view.setUint32(word, below(600), true);
      break;
    case 4:
      // The kind of a BTF record, as far as the word is one.
      view.setUint32(
        word,
        ((below(2) << 31) | (below(24) << 24) | below(below(4) === 0 ? 0x10000 : 6)) >>> 0,
        true,
      );
      break;
    case 5:
      view.setUint32(
        word,
        view.getUint32(
          Math.min(region.offset + 4 * below(Math.max(1, region.size >> 2)), bytes.length - 4),
          true,
        ),
        true,
      );
      break;
    case 6:
      bytes.fill(below(2) === 0 ? 0 : 0xff, at, at + below(64));
      break;
    case 7:
      bytes.copyWithin(
        at,
        region.offset + below(Math.max(1, region.size)),
        region.offset + below(Math.max(1, region.size)),
      );
      break;
    default:
      // Rarely: most truncated files end in the same error.
      return below(10) === 0 ? bytes.slice(0, below(bytes.length)) : bytes;
  }
  return bytes;
}
