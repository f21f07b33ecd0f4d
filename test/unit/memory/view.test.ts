/** What views, arrays and text do beside reading and writing: names, messages, JSON, console.log. */
import { inspect } from 'node:util';
import { CharArray, markCopy } from '../../../lib/btf/codec/char-array';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { Region } from '../../../lib/memory/region/region';
import { createVariable } from '../../../lib/memory/variable/variable';
import { ArrayView, readView, toJSON, writeView } from '../../../lib/memory/variable/views';
import { regionOf } from '../../support/globals';
import {
  array,
  bits,
  bool,
  char,
  double,
  float,
  s128,
  s32,
  struct,
  u16,
  u32,
  u64,
  u8,
} from '../../support/types';

/** Values of any type: the tests look at what happens. */
type Any = any;

function make(
  type: Type,
  bytes: readonly number[] = [],
  memory: 'mapped' | 'image' | 'syscall' = 'mapped',
): Any {
  const contents = new Uint8Array(type.size + 8);
  contents.set(bytes);
  const { region } = regionOf(memory, contents);
  const spec = {
    name: 'v',
    section: '.data',
    offset: 0,
    size: type.size,
    type,
    declaration: `${type.spelling} v`,
  };
  return createVariable(region, spec);
}

const point = struct('point', { x: s32, y: s32 });
const request = struct('request', {
  id: u64,
  where: point,
  flags: bits(u32, 5),
  comm: array(char, 8),
  hist: array(u32, 2),
  path: array(point, 2),
});

describe('what does not fit is refused by name', () => {
  test.each<[Type, unknown, string]>([
    [u8, 256, "variable 'v' in .data: 256 does not fit __u8 (0 to 255)"],
    [u8, -1, "variable 'v' in .data: -1 does not fit __u8 (0 to 255)"],
    [u8, 0.5, "variable 'v' in .data: 0.5 does not fit __u8 (0 to 255)"],
    [u8, NaN, "variable 'v' in .data: NaN does not fit __u8 (0 to 255)"],
    [u32, 2 ** 32, "variable 'v' in .data: 4294967296 does not fit __u32 (0 to 4294967295)"],
    [u32, '7', `variable 'v' in .data: expected a number for __u32, got "7"`],
    [u32, 7n, "variable 'v' in .data: expected a number for __u32, got 7n"],
    [u64, -1n, "variable 'v' in .data: -1n does not fit __u64 (0 to 18446744073709551615)"],
    [u64, 2 ** 53, "variable 'v' in .data: 9007199254740992 does not fit __u64 (0 to 18446744073709551615)"],
    [u64, true, "variable 'v' in .data: expected a bigint for __u64, got true"],
    [
      s128,
      1n << 127n,
      `variable 'v' in .data: ${String(1n << 127n)}n does not fit __int128 (${String(-(1n << 127n))} to ${String((1n << 127n) - 1n)})`,
    ],
    [bool, 1, "variable 'v' in .data: expected a boolean for _Bool, got 1"],
    [float, 1e300, "variable 'v' in .data: 1e+300 does not fit float (up to 3.4028234663852886e38)"],
    [double, 1n, "variable 'v' in .data: expected a number for double, got 1n"],
    [point, { x: 1, z: 2 }, "variable 'v' in .data, .z: struct point has no such member (did you mean 'x'?)"],
    [point, 7, "variable 'v' in .data: expected an object for struct point, got 7"],
    [point, null, "variable 'v' in .data: expected an object for struct point, got null"],
    [
      request,
      { where: { x: 2 ** 31 } },
      "variable 'v' in .data, .where.x: 2147483648 does not fit __s32 (-2147483648 to 2147483647)",
    ],
    [request, { flags: 32 }, "variable 'v' in .data, .flags: 32 does not fit __u32 : 5 (0 to 31)"],
    [
      request,
      { path: [{}, { y: 'a' }] },
      `variable 'v' in .data, .path[1].y: expected a number for __s32, got "a"`,
    ],
    [request, { path: [{}] }, "variable 'v' in .data, .path: has 2 elements, 1 were given"],
    [request, { hist: [1, -1] }, "variable 'v' in .data, .hist[1]: -1 does not fit __u32 (0 to 4294967295)"],
    [request, { hist: 5 }, "variable 'v' in .data, .hist: expected an array of 2, got 5"],
    [request, { hist: {} }, "variable 'v' in .data, .hist: expected an array of 2, got an object"],
    [request, { comm: 'too long!' }, `variable 'v' in .data, .comm: "too long!" takes 9 bytes, there are 8`],
    [
      request,
      { comm: 'a\0b' },
      `variable 'v' in .data, .comm: "a\\u0000b" has a NUL inside: what follows it would be lost; write bytes instead`,
    ],
    [
      request,
      { comm: '\ud800' },
      `variable 'v' in .data, .comm: "\\ud800" has a lone surrogate, which UTF-8 cannot express`,
    ],
  ])('%#: %p', (type, value, message) => {
    const variable = make(type);
    const before = JSON.stringify(variable);
    expect(() => variable.write(value)).toThrow(expect.objectContaining({ message }));
    expect(() => (variable.value = value)).toThrow(message);
    expect(JSON.stringify(variable)).toBe(before);
  });

  test('range errors are RangeErrors, wrong types are TypeErrors', () => {
    expect(() => make(u8).write(256)).toThrow(RangeError);
    expect(() => make(u8).write('a')).toThrow(TypeError);
  });

  test('a value that changes while it is looked at stores what was checked', () => {
    const variable = make(request);
    let reads = 0;
    const shifty = {
      hist: [1, 2],
      get flags() {
        return reads++ === 0 ? 3 : 99;
      },
    };
    variable.write(shifty);
    expect(variable.value.flags).toBe(3);
    expect(() =>
      variable.write({
        id: 9n,
        get flags() {
          throw new Error('mine');
        },
      }),
    ).toThrow('mine');
    expect(variable.value.id).toBe(0n);
  });

  test('an endless iterable is not read to its end', () => {
    const endless = {
      *[Symbol.iterator]() {
        for (;;) yield 1;
      },
    };
    expect(() => make(array(u32, 4)).write(endless)).toThrow(/has 4 elements/);
    expect(() => make(array(u32, 4)).write({ length: 2 ** 40 })).toThrow(
      /has 4 elements, 1099511627776 were given/,
    );
  });
});

describe('members', () => {
  test('of any name, methods included, which then hide the methods', () => {
    const odd = struct('odd', [
      ['read', u32],
      ['toJSON', u32],
      ['__proto__', u32],
      ['constructor', u32],
      ['with space', u32],
      ['quote"\u2028', u32],
      ['hasOwnProperty', u32],
    ]);
    const variable = make(odd);
    const view = variable.value;
    for (const name of [
      'read',
      'toJSON',
      '__proto__',
      'constructor',
      'with space',
      'quote"\u2028',
      'hasOwnProperty',
    ]) {
      view[name] = 7;
      expect(view[name]).toBe(7);
    }
    const snapshot = variable.read();
    expect(Object.keys(snapshot)).toEqual(odd.members.map(({ name }) => name));
    expect(Object.getPrototypeOf(snapshot)).toBe(Object.prototype);
    expect(readView(view)).toEqual(snapshot);
    writeView(view, { read: 8 } as Any);
    expect(view.read).toBe(8);
    variable.write(snapshot);
    expect(view.read).toBe(7);
  });

  test('that are not there cannot be set', () => {
    const view = make(request).value;
    expect(() => (view.flag = 1)).toThrow("struct request has no member 'flag' (did you mean 'flags'?)");
    expect(() => (view.path.foo = 1)).toThrow("an ArrayView has no property 'foo'");
    expect(() => (make(u32).valeu = 1)).toThrow("has no property 'valeu' to set");
    expect(view.flgas).toBeUndefined();
    expect('flags' in view).toBe(true);
    expect('flgas' in view).toBe(false);
    expect(view instanceof Object).toBe(true);
  });

  test('are views of the same memory, each time the same', () => {
    const { value: view } = make(request);
    expect(view.where).toBe(view.where);
    expect(view.path.at(1)).toBe(view.path[1]);
    view.where.x = 5;
    view.where = { y: 6 };
    expect(view.where.read()).toEqual({ x: 5, y: 6 });
    view.path = [{ x: 1 }, undefined];
    view.path[1].y = 3;
    expect(view.path.read()).toEqual([
      { x: 1, y: 0 },
      { x: 0, y: 3 },
    ]);
  });

  test('a view can be written to another', () => {
    const one = make(request);
    const two = make(request);
    one.write({ id: 5n, where: { x: 1 }, comm: 'abc', hist: [1, 2], path: [{ x: 3 }, { y: 4 }] });
    two.value = one.value;
    expect(two.read()).toEqual(one.read());
  });

  test('methods called on something else say so', () => {
    expect(() => readView({} as Any)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG' }));
    const view = make(request).value;
    expect(() => view.read.call({})).toThrow(/expected the view of a struct/);
    expect(() => Reflect.get(Object.getPrototypeOf(view), 'id', {})).toThrow(TypeError);
  });
});

describe('bools', () => {
  test.each([0, 1, 2, 255])('of byte %i', (byte) => {
    expect(make(bool, [byte]).value).toBe(byte !== 0);
    expect(make(array(bool, 2), [0, byte]).read()).toEqual([false, byte !== 0]);
    expect(make(struct('b', { on: bool }), [byte]).value.on).toBe(byte !== 0);
  });

  test('of four bytes', () => {
    const wide: Type = { kind: 'bool', spelling: 'bool32', size: 4 };
    const variable = make(wide, [0, 0, 1, 0]);
    expect(variable.value).toBe(true);
    variable.value = true;
    expect(variable.value).toBe(true);
    variable.value = false;
    expect(variable.value).toBe(false);
    expect(make(struct('w', { a: u8, on: wide }, { packed: true }), [1, 0, 0, 0, 8]).read()).toEqual({
      a: 1,
      on: true,
    });
  });
});

test('a long double is its bytes', () => {
  const long: Type = { kind: 'float', spelling: 'long double', size: 16 };
  const variable = make(long, [1, 2]);
  expect(variable.value).toBeInstanceOf(Uint8Array);
  variable.value[15] = 9;
  expect(variable.read()).toEqual(Uint8Array.from([1, 2, ...Array.from({ length: 13 }, () => 0), 9]));
  const inside = make(struct('s', { a: u8, b: long }));
  inside.write({ b: variable.read() });
  expect(inside.value.b).toEqual(variable.read());
});

describe('arrays', () => {
  test('without TypedArrays behave like arrays', () => {
    const variable = make(array(point, 3));
    const view = variable.value;
    expect(view).toBeInstanceOf(ArrayView);
    expect(view.length).toBe(3);
    expect([view[3], view[-1], view.at(3), view.at(0.5), view['01'], view.at(-4)]).toEqual(
      Array(6).fill(undefined),
    );
    view.at(-1).x = 7;
    expect(view[2].x).toBe(7);
    expect([...view].map((each: Any) => each.x)).toEqual([0, 0, 7]);
    expect(Array.from(view as ArrayLike<Any>, ({ x }) => x)).toEqual([0, 0, 7]);
    for (const index of [3, -1, 0.5, NaN]) {
      expect(() => {
        view.set(index, { x: 1 });
      }).toThrow(RangeError);
    }
    expect(() => (view[3] = { x: 1 })).toThrow('[3]: the array has 3 elements');
    expect(() => (view[0] = { x: 'a' })).toThrow('[0], .x: expected a number for __s32, got "a"');
    view.write([{ x: 1 }, { x: 2 }, { x: 3 }]);
    expect(view.read()).toEqual([
      { x: 1, y: 0 },
      { x: 2, y: 0 },
      { x: 3, y: 0 },
    ]);
  });

  test('of unaligned words in packed structs are views, their snapshots TypedArrays', () => {
    const packed = struct('packed', { a: u8, words: array(u16, 2) }, { packed: true });
    const { value: view } = make(packed, [1, 2, 0, 3, 0]);
    expect(view.words).toBeInstanceOf(ArrayView);
    expect([...view.words]).toEqual([2, 3]);
    view.words[1] = 0x1234;
    expect(() => (view.words[1] = 0x12345)).toThrow('[1]: 74565 does not fit __u16 (0 to 65535)');
    expect(view.read()).toEqual({ a: 1, words: Uint16Array.of(2, 0x1234) });
  });

  test('of arrays', () => {
    const { value: view } = make(array(array(u32, 2), 2));
    view[1][0] = 5;
    expect(view.at(1)).toBeInstanceOf(Uint32Array);
    expect(view.at(1)).toBe(view[1]);
    expect(view.read()).toEqual([Uint32Array.of(0, 0), Uint32Array.of(5, 0)]);
  });

  test('of nothing', () => {
    expect(make(array(u32, 0)).value).toEqual(new Uint32Array(0));
    expect(make(array(point, 0)).read()).toEqual([]);
    const empty = struct('empty', {});
    expect(make(empty).read()).toEqual({});
  });
});

describe('char arrays', () => {
  test.each<[string, number[], string]>([
    ['up to the first NUL', [97, 98, 0, 99], 'ab'],
    ['without a NUL, whole', [97, 98, 99, 100], 'abcd'],
    ['empty', [0, 97, 0, 0], ''],
    ['UTF-8', [0xc3, 0xa9, 0, 0], 'é'],
    ['cut in the middle of a character', [97, 98, 99, 0xc3], 'abc\ufffd'],
    ['no UTF-8', [0xff, 0x80, 97, 0], '\ufffd\ufffda'],
  ])('%s', (_, bytes, text) => {
    for (const memory of ['mapped', 'image', 'syscall'] as const) {
      const variable = make(array(char, 4), bytes, memory);
      expect([variable.string, variable.value.string, variable.read().string]).toEqual([text, text, text]);
    }
  });

  test('long text, and text of exactly the size', () => {
    const variable = make(array(char, 100));
    const text = 'ü'.repeat(50);
    variable.string = text;
    expect([variable.string, variable.value.string]).toEqual([text, text]);
    variable.value.string = 'short\0';
    expect(variable.string).toBe('short');
    expect(Array.from(variable.read().subarray(5) as Uint8Array).every((byte) => byte === 0)).toBe(true);
    expect(() => (variable.value.string = `${text}x`)).toThrow('string: ');
    expect(() => (variable.value.string = 5 as Any)).toThrow(TypeError);
  });

  test('are bytes too', () => {
    const variable = make(array(char, 4));
    variable.write([1, 2, 255, 4]);
    expect(Array.from(variable.value as CharArray)).toEqual([1, 2, 255, 4]);
    expect(variable.value).toBeInstanceOf(CharArray);
    expect(() => variable.write([256, 0, 0, 0])).toThrow(/\[0\]: 256 does not fit char \(0 to 255\)/);
    expect(`${String(CharArray.of(104, 105, 0))} ${JSON.stringify([CharArray.of(104, 105)])}`).toBe(
      'hi ["hi"]',
    );
  });

  test('a part of one is text, too, in the same memory', () => {
    const whole = CharArray.of(104, 105, 0, 200) as CharArray;
    const part = whole.subarray(1);
    expect([part.string, part.length, whole.subarray(-1).string]).toEqual(['i', 3, '\ufffd']);
    part.string = 'abc';
    expect(whole.string).toBe('habc');
    expect(() => (markCopy(CharArray.of(104, 105) as CharArray).subarray(0, 1).string = 'x')).toThrow(
      'this char array is a copy of read-only memory',
    );
  });
});

describe('shown', () => {
  const variable = make(request);
  variable.write({ id: 5n, where: { x: 1 }, comm: 'init', hist: [1, 2], path: [{ x: 3 }, { y: 4 }] });
  test('by console.log', () => {
    expect(inspect(make(u32, [7]))).toBe('.data: __u32 v = 7');
    expect(inspect(variable)).toBe(`.data: struct request v = {
  id: 5n,
  where: { x: 1, y: 0 },
  flags: 0,
  comm: CharArray(8) "init",
  hist: Uint32Array(2) [ 1, 2 ],
  path: [ { x: 3, y: 0 }, { x: 0, y: 4 } ]
}`);
    expect(inspect(variable.value.where)).toBe('struct point { x: 1, y: 0 }');
    expect(inspect(variable.value.path)).toBe('ArrayView(2) [ { x: 3, y: 0 }, { x: 0, y: 4 } ]');
    expect(inspect({ deep: { deeper: { deepest: variable.value } } }, { depth: 1 })).toMatch(
      /\[Object\]|\[struct request\]/,
    );
  });

  test('as JSON', () => {
    const expected = {
      id: '5',
      where: { x: 1, y: 0 },
      flags: 0,
      comm: 'init',
      hist: [1, 2],
      path: [
        { x: 3, y: 0 },
        { x: 0, y: 4 },
      ],
    };
    expect(JSON.parse(JSON.stringify(variable))).toEqual(expected);
    expect(JSON.parse(JSON.stringify(variable.value))).toEqual(expected);
    expect(toJSON(variable.read())).toEqual(expected);
    expect(JSON.stringify(variable.value.path)).toBe('[{"x":3,"y":0},{"x":0,"y":4}]');
    expect(toJSON(make(u64, [9]))).toBe('9');
  });
});

describe('a 64-bit variable as a number', () => {
  test.each<[bigint, number]>([
    [0n, 0],
    [0xffff_ffffn, 0xffff_ffff],
    [0x1_0000_0000n, 2 ** 32],
    [2n ** 53n - 1n, 2 ** 53 - 1],
  ])('%p', (big, number) => {
    for (const memory of ['mapped', 'image', 'syscall'] as const) {
      const variable = make(u64, [], memory);
      variable.value = big;
      expect([variable.number, variable.number]).toEqual([number, number]);
      variable.number = number;
      expect(variable.value).toBe(big);
    }
  });

  test.each([2n ** 53n, 2n ** 64n - 1n])('%p is not a safe integer', (big) => {
    const variable = make(u64);
    variable.value = big;
    for (let i = 0; i < 2; i++) expect(() => variable.number as number).toThrow(RangeError);
    expect(() => (variable.number = 2 ** 53)).toThrow(TypeError);
    expect(() => (variable.number = -1)).toThrow(RangeError);
  });

  test('signed', () => {
    const variable = make({ kind: 'int', spelling: 's64', size: 8, signed: true });
    variable.value = -5n;
    expect([variable.number, variable.number]).toEqual([-5, -5]);
  });
});

test('a variable tells what it is', () => {
  const region = new Region('.bss');
  region.setImage(new Uint8Array(64));
  const spec = {
    name: 'total',
    section: '.bss',
    offset: 8,
    size: 8,
    type: u64,
    declaration: 'volatile __u64 total',
  };
  const { name, section, offset, size, type, readonly } = createVariable(region, spec);
  expect({ name, section, offset, size, type, readonly }).toEqual({
    name: 'total',
    section: '.bss',
    offset: 8,
    size: 8,
    type: 'volatile __u64 total',
    readonly: false,
  });
  expect(() => createVariable(region, { ...spec, offset: -1 })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARG' }),
  );
  region.adopt(new ArrayBuffer(64), 64, true);
  expect(createVariable(region, spec).readonly).toBe(true);
});
