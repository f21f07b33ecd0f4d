/** The codec of map keys, values and records: options, errors, padding, unions. memory-types.test.ts has the types. */
import { codecFor, type CodecOptions } from '../../../../lib/btf/codec/codec';
import { compile, integer, quote } from '../../../../lib/btf/codec/text/compile-text';
import type { Type } from '../../../../lib/btf/layout/layout-model';
import { UnsupportedError } from '../../../../lib/errors';
import {
  array,
  bits,
  bool,
  char,
  double,
  enumeration,
  pointer,
  s64,
  struct,
  u128,
  u16,
  u32,
  u64,
  u8,
} from '../../../support/types';

function decode(type: Type, bytes: readonly number[], options?: CodecOptions): unknown {
  const padded = Uint8Array.from([
    ...bytes,
    ...Array.from({ length: Math.max(0, type.size - bytes.length) }, () => 0),
  ]);
  return codecFor(type, options).read(new DataView(padded.buffer), 0);
}

/** What writing makes of memory that was all 0xee; `partial` as for variables. */
function encode(type: Type, value: unknown, partial?: boolean, options?: CodecOptions): number[] {
  const view = new DataView(new Uint8Array(type.size).fill(0xee).buffer);
  codecFor(type, options).write(view, 0, value, partial);
  return Array.from(new Uint8Array(view.buffer));
}

const pair = struct('pair', { a: u8, b: u32 });
const either = struct('either', { word: u32, bytes: array(u8, 4), on: bool }, { union: true });
const holder = struct('holder', {
  id: u32,
  _anonymous: struct('', { word: u32, half: u16 }, { union: true }),
});

describe("int64: 'number'", () => {
  const options = { int64: 'number' } as const;
  const record = struct('record', {
    a: u64,
    b: s64,
    c: enumeration(8, false),
    d: pointer,
    e: array(u64, 1),
    f: bits(u64, 40),
    g: u128,
  });

  test('64-bit integers are numbers; enums, pointers, arrays and 128 bits stay bigint', () => {
    const value = { a: 5, b: -5, c: 7n, d: 9n, e: BigUint64Array.of(1n), f: 2 ** 39, g: 3n };
    const bytes = encode(record, value, false, options);
    expect(decode(record, bytes, options)).toEqual(value);
    expect(decode(record, bytes)).toEqual({ ...value, a: 5n, b: -5n, f: 2n ** 39n });
    // Bigints are taken all the same.
    expect(encode(record, { ...value, a: 5n }, false, options)).toEqual(bytes);
  });

  test.each<[bigint, number | string]>([
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [-(2n ** 53n) + 1n, -(2 ** 53) + 1],
    [2n ** 53n, '.inner.b: 9007199254740992 is not a safe integer: read it as a bigint'],
    [-(2n ** 63n), '.inner.b: -9223372036854775808 is not a safe integer: read it as a bigint'],
  ])('%p', (big, expected) => {
    const outer = struct('outer', { inner: struct('inner', { b: s64 }) });
    const bytes = encode(outer, { inner: { b: big } });
    const read = (): unknown => decode(outer, bytes, options);
    if (typeof expected === 'number') expect(read()).toEqual({ inner: { b: expected } });
    else expect(read).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: expected }));
  });

  test('an unsafe number is refused', () => {
    expect(() => encode(u64, 2 ** 53, false, options)).toThrow('value: 9007199254740992 does not fit __u64');
  });
});

describe('big-endian objects', () => {
  const options = { littleEndian: false } as const;
  test.each<[Type, unknown, number[]]>([
    [u16, 0x1234, [0x12, 0x34]],
    [u64, 1n, [0, 0, 0, 0, 0, 0, 0, 1]],
    [double, 1, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0]],
    [u128, (1n << 64n) + 2n, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]],
    [array(u16, 2), Uint16Array.of(1, 0x203), [0, 1, 2, 3]],
    [{ kind: 'bool', spelling: 'bool32', size: 4 }, true, [0, 0, 0, 1]],
    [pair, { a: 1, b: 2 }, [1, 0, 0, 0, 0, 0, 0, 2]],
  ])('%#', (type, value, bytes) => {
    expect(decode(type, bytes, options)).toEqual(value);
    expect(encode(type, value, false, options)).toEqual(bytes);
  });

  test('bitfields are refused', () => {
    expect(() => codecFor(struct('b', { a: bits(u32, 3) }), options)).toThrow(UnsupportedError);
  });
});

describe('a whole value', () => {
  test('has all members, and zero padding', () => {
    expect(encode(pair, { a: 1, b: 2 })).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
    expect(() => encode(pair, { a: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG', message: '.b: is missing' }),
    );
    expect(() => encode(array(pair, 1), [{ b: 1 }])).toThrow('[0].a: is missing');
    expect(() => encode(array(pair, 1), [undefined])).toThrow(
      '[0]: expected an object for struct pair, got undefined',
    );
  });

  test('of a struct with a large gap', () => {
    const sparse = struct('sparse', { a: u8, gap: array(u8, 0), b: { ...array(u64, 20) } });
    const bytes = encode(sparse, { a: 1, gap: [], b: Array(20).fill(1n) });
    expect(bytes.slice(0, 9)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test('of a union has one of its members, the rest zero', () => {
    expect(encode(either, { on: true })).toEqual([1, 0, 0, 0]);
    expect(() => encode(either, {})).toThrow(
      'needs one of the members of the union in union either: word, bytes, on',
    );
    expect(encode(holder, { id: 1, half: 2 })).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
    expect(() => encode(holder, { id: 1 })).toThrow(
      'needs one of the members of the union in struct holder: word, half',
    );
  });

  test('or all of them, as snapshots have, if they agree', () => {
    const bytes = [2, 1, 0, 0];
    const snapshot = decode(either, bytes) as object;
    expect(snapshot).toEqual({ word: 0x102, bytes: Uint8Array.of(2, 1, 0, 0), on: true });
    expect(encode(either, snapshot)).toEqual(bytes);
    expect(() => encode(either, { ...snapshot, word: 5 })).toThrow(
      expect.objectContaining({
        code: 'ERR_OUT_OF_RANGE',
        message: expect.stringMatching(
          /^\.word: contradicts another member of its union \(given: word, bytes, on\)/,
        ),
      }),
    );
    expect(encode(either, { word: 1, bytes: [1, 0, 0, 0] })).toEqual([1, 0, 0, 0]);
    // Zero agrees with zeroed memory, and still has to be stored over what was there.
    expect(encode(either, { bytes: [0, 0, 0, 0], word: 0, on: false }, true)).toEqual([0, 0, 0, 0]);
  });
});

describe('a partial value', () => {
  test('leaves the rest as it is', () => {
    expect(encode(pair, { a: 1 }, true)).toEqual([1, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee]);
    expect(encode(pair, { a: undefined }, true)).toEqual(Array(8).fill(0xee));
    expect(encode(either, {}, true)).toEqual(Array(4).fill(0xee));
    expect(encode(array(pair, 2), [undefined, { a: 1 }], true).slice(7, 10)).toEqual([0xee, 1, 0xee]);
    const flags = struct('flags', { a: bits(u8, 3), b: bits(u8, 5) });
    expect(encode(flags, { a: 0 }, true)).toEqual([0xe8]);
    expect(encode(flags, { b: 1 }, true)).toEqual([0x0e]);
  });
});

test('what is refused has changed nothing', () => {
  const view = new DataView(new Uint8Array(8).fill(0xee).buffer);
  for (const value of [{ a: 1, b: -1 }, { a: 1 }, { a: 1, b: 2, c: 3 }, null, 5, [1, 2]]) {
    expect(() => {
      codecFor(pair).write(view, 0, value);
    }).toThrow();
    expect(new Uint8Array(view.buffer)).toEqual(new Uint8Array(8).fill(0xee));
  }
});

test('snapshots share no memory with what they were read from', () => {
  const record = struct('record', { text: array(char, 4), words: array(u32, 2) });
  const view = new DataView(new ArrayBuffer(64));
  const snapshot = codecFor<{ text: Uint8Array; words: Uint32Array }>(record).read(view, 8);
  view.setUint8(8, 65);
  view.setUint32(12, 5, true);
  expect([snapshot.text[0], snapshot.words[0]]).toEqual([0, 0]);
  expect(snapshot.words.buffer.byteLength).toBe(8);
});

test('the codec of a type is made once', () => {
  expect(codecFor(pair)).toBe(codecFor(pair, { int64: 'bigint', littleEndian: true }));
  expect(codecFor(pair)).not.toBe(codecFor(pair, { int64: 'number' }));
});

describe('code from text', () => {
  test('works where it is forbidden for strings', () => {
    const OriginalFunction = globalThis.Function;
    globalThis.Function = function () {
      throw new EvalError('Code generation from strings disallowed for this context');
    } as unknown as FunctionConstructor;
    try {
      const type = struct('forbidden', {
        a: u32,
        text: array(char, 4),
        list: array(struct('x', { y: u64 }), 2),
      });
      const bytes = encode(type, { a: 7, text: 'abc', list: [{ y: 1n }, { y: 2n }] });
      expect(decode(type, bytes)).toMatchObject({ a: 7, list: [{ y: 1n }, { y: 2n }] });
    } finally {
      globalThis.Function = OriginalFunction;
    }
  });

  test('names and numbers cannot become anything else', () => {
    const nasty = [
      '"]; throw 1; //',
      '${x}',
      '`',
      '\\',
      '\n',
      '\u2028',
      "'",
      '*/',
      '//# sourceMappingURL=x',
      '',
    ];
    const type = struct(
      'nasty',
      nasty.filter((name) => name !== '').map((name) => [name, u32] as const),
    );
    const value = Object.fromEntries(type.members.map(({ name }, i) => [name, i]));
    expect(decode(type, encode(type, value))).toEqual(value);
    for (const name of nasty) expect(compile(`return ${quote(name)};`, {})).toBe(name);
    for (const bad of [0.5, NaN, Infinity, '1' as unknown as number, 2 ** 60])
      expect(() => integer(bad)).toThrow(RangeError);
  });
});

test.each([
  0,
  -0,
  1,
  -1,
  2 ** 32,
  -(2 ** 32),
  2 ** 32 + 5,
  -5,
  2 ** 52 + 3,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
])('a signed member of 64 bits takes the number %p as its bigint', (number) => {
  const codec = codecFor(struct('holds_wide', { wide: s64 }));
  const view = new DataView(new ArrayBuffer(8));
  codec.write(view, 0, { wide: number });
  expect(view.getBigInt64(0, true)).toBe(BigInt(number));
});
