/** What a section's memory goes through: before load, after load, read-only, behind system calls, closed, taken away. */
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { codecFor } from '../../../lib/btf/codec/codec';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { NotLoadedError } from '../../../lib/errors';
import { Region } from '../../../lib/memory/region/region';
import { createVariable, type VariableSpec } from '../../../lib/memory/variable/variable';
import { atomicOf, readView, writeView } from '../../../lib/memory/variable/views';
import { array, bits, bool, char, double, s128, s32, struct, u16, u32, u64, u8 } from '../../support/types';

const inner = struct('inner', { flags: u8, x: bits(u32, 5), on: bool });
const record = struct('record', {
  count: u64,
  pid: s32,
  inner,
  comm: array(char, 8),
  hist: array(u32, 4),
  slots: array(inner, 2),
  wide: s128,
});
const SIZE = 256;
const at = (name: string, type: Type, offset: number, more: Partial<VariableSpec> = {}): VariableSpec => ({
  name,
  section: '.data',
  offset,
  size: type.size,
  type,
  declaration: `${type.spelling} ${name}`,
  ...more,
});

/** Values of any type: the tests look at what happens. */
type Any = any;

function variables(region: Region) {
  const make = (name: string, type: Type, offset: number): Any =>
    createVariable(region, at(name, type, offset));
  return {
    word: make('word', u32, 128),
    wide: make('wide', u64, 136),
    unaligned: make('unaligned', u32, 145),
    huge: make('huge', s128, 160),
    flag: make('flag', bool, 176),
    half: make('half', double, 184),
    record: make('record', record, 0),
    table: make('table', array(u16, 4), 192),
    text: make('text', array(char, 8), 200),
    flags: make('flags', array(bool, 4), 208),
  };
}
type Variables = ReturnType<typeof variables>;

const READS: Record<string, (v: Variables) => unknown> = {
  'a word': (v) => v.word.value,
  'a wide word': (v) => v.wide.value,
  'a wide word as a number': (v) => v.wide.number,
  'an unaligned word': (v) => v.unaligned.value,
  '128 bits': (v) => v.huge.value,
  'a bool': (v) => v.flag.value,
  'a double': (v) => v.half.value,
  'a member': (v) => v.record.value.count,
  'a bitfield': (v) => v.record.value.inner.x,
  'an element': (v) => v.record.value.slots.at(1).flags,
  'an indexed element': (v) => v.flags.value[1],
  'a member array': (v) => v.record.value.hist,
  'a member text': (v) => v.record.value.comm.string,
  'an array': (v) => v.table.value,
  'a text': (v) => v.text.string,
  'a snapshot': (v) => v.record.read(),
  'the snapshot of a view': (v) => readView(v.record.value),
  'the snapshot of an array': (v) => v.table.read(),
  JSON: (v) => JSON.stringify(v.record),
  'an atomic load': (v) => v.word.atomic.load(),
  'an atomic load of a member': (v) => atomicOf(v.record.value, 'count').load(),
};
const WRITES: Record<string, (v: Variables) => unknown> = {
  'a word': (v) => (v.word.value = 1),
  'a word by write()': (v) => v.word.write(1),
  'a wide word': (v) => (v.wide.value = 1n),
  'a wide word by a number': (v) => (v.wide.number = 1),
  'an unaligned word': (v) => (v.unaligned.value = 1),
  '128 bits': (v) => (v.huge.value = 1n),
  'a bool': (v) => (v.flag.value = true),
  'a double': (v) => (v.half.value = 1),
  'a struct': (v) => v.record.write({ pid: 1 }),
  'a struct by value': (v) => (v.record.value = { pid: 1 }),
  'a view': (v) => {
    writeView(v.record.value, { pid: 1 });
  },
  'a member': (v) => (v.record.value.count = 1n),
  'a bitfield': (v) => (v.record.value.inner.x = 1),
  'a member struct': (v) => (v.record.value.inner = { flags: 1 }),
  'a member text': (v) => (v.record.value.comm.string = 'x'),
  'an element': (v) => (v.record.value.slots[1] = { flags: 1 }),
  'an element by set()': (v) => v.flags.value.set(1, true),
  'an array': (v) => v.table.write([1, 2, 3, 4]),
  'a text': (v) => (v.text.string = 'x'),
  'an atomic add': (v) => v.word.atomic.add(1),
  'an atomic store of a member': (v) => {
    atomicOf(v.record.value, 'pid').store(1);
  },
};
const BOTH = { ...READS, ...Object.fromEntries(Object.entries(WRITES).map(([k, f]) => [`write ${k}`, f])) };

function mapped(readonly = false): { region: Region; pages: ArrayBuffer } {
  const region = new Region('.data');
  const pages = new ArrayBuffer(4096);
  region.adopt(pages, SIZE, readonly);
  return { region, pages };
}

describe('after close every access says so', () => {
  test.each(Object.entries(BOTH))('%s', (_, access) => {
    for (const before of [
      new Region('.data'),
      (() => {
        const region = new Region('.data');
        region.setImage(new Uint8Array(SIZE));
        return region;
      })(),
      mapped().region,
      mapped(true).region,
    ]) {
      const used = variables(before);
      if (before.state !== 'pending') for (const read of Object.values(READS)) read(used);
      before.close();
      before.close();
      expect(before.state).toBe('closed');
      for (const each of [used, variables(before)]) {
        expect(() => access(each)).toThrow(
          expect.objectContaining({ code: 'ERR_CLOSED', message: expect.stringContaining("'.data'") }),
        );
      }
    }
  });

  test('and nothing can bring it back', () => {
    const { region } = mapped();
    region.close();
    expect(() => {
      region.setImage(new Uint8Array(8));
    }).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  });

  test('console.log does not throw', () => {
    const { region } = mapped();
    const { word, record: struct } = variables(region);
    region.close();
    expect(inspect({ word, struct, view: struct.value })).toMatch(/its object is closed/);
  });
});

describe('what is known after load() only', () => {
  test.each(Object.entries(BOTH))('%s', (_, access) => {
    const region = new Region('.kconfig');
    region.resize(SIZE);
    region.fail(() => new NotLoadedError('known after load()'));
    const used = variables(region);
    expect(region.size).toBe(SIZE);
    expect(() => access(used)).toThrow('known after load()');
    // And then it is known, by the same variables.
    region.adopt(new ArrayBuffer(4096), SIZE, false);
    expect(() => access(used)).not.toThrow();
  });
});

describe('read-only memory', () => {
  test.each(Object.entries(WRITES))('refuses to write %s', (_, write) => {
    const { region, pages } = mapped(true);
    const used = variables(region);
    expect(() => write(used)).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
    expect(new Uint8Array(pages).every((byte) => byte === 0)).toBe(true);
  });

  test.each(Object.entries(READS))('gives %s', (_, read) => {
    expect(() => read(variables(mapped(true).region))).not.toThrow();
  });

  test('nothing that it gives leads to its buffer', () => {
    const { region, pages } = mapped(true);
    const used = variables(region);
    const seen = new Set<unknown>();
    const tried = <T>(get: () => T): T | undefined => {
      try {
        return get();
      } catch {
        return undefined; // An accessor of a prototype, without an instance.
      }
    };
    const visit = (value: unknown, depth: number): void => {
      if (Object(value) !== value || seen.has(value) || depth === 0) return;
      const object = value as Record<string | symbol, unknown>;
      seen.add(object);
      if (ArrayBuffer.isView(object)) expect(object.buffer).not.toBe(pages);
      for (
        let from: object | null = object;
        from !== null;
        from = Object.getPrototypeOf(from) as object | null
      ) {
        if (from === Object.prototype || from === Function.prototype) break;
        for (const key of Reflect.ownKeys(from))
          visit(
            tried(() => object[key]),
            depth - 1,
          );
      }
      for (const method of ['read', 'toJSON', 'at', 'valueOf']) {
        visit(
          tried(() => (object[method] as (index: number) => unknown)(0)),
          depth - 1,
        );
      }
    };
    visit(used, 7);
    expect(seen.size).toBeGreaterThan(50);
    expect(seen.has(pages)).toBe(false);
    expect(seen.has(region)).toBe(false);
  });

  test('its arrays are copies of the moment', () => {
    const { region, pages } = mapped(true);
    const { table } = variables(region);
    const before = table.value;
    new Uint16Array(pages, 192, 4)[0] = 7;
    expect(before[0]).toBe(0);
    expect(table.value[0]).toBe(7);
    expect(() => (variables(region).text.value.string = 'lost')).toThrow(
      expect.objectContaining({ code: 'ERR_READ_ONLY' }),
    );
  });
});

describe('over load()', () => {
  test('variables and views carry on, raw arrays of before are detached', () => {
    const region = new Region('.data');
    region.setImage(new Uint8Array(SIZE));
    const used = variables(region);
    used.word.value = 5;
    used.record.write({ count: 9n, comm: 'init', hist: [1, 2, 3, 4] });
    const view = used.record.value;
    const raw = used.table.value as Uint16Array;
    raw[0] = 3;

    const pages = new ArrayBuffer(4096);
    new Uint8Array(pages).set(region.image());
    region.adopt(pages, SIZE, false);
    expect(raw.length).toBe(0);
    expect(used.word.value).toBe(5);
    expect(used.table.value[0]).toBe(3);
    expect(used.record.value).toBe(view);
    expect(view.count).toBe(9n);
    expect(view.comm.string).toBe('init');
    // Live, in both directions, and the same array as long as the memory is the same.
    new Uint32Array(pages, 128, 1)[0] = 77;
    expect(used.word.value).toBe(77);
    view.hist[3] = 44;
    expect(new Uint32Array(pages, view.hist.byteOffset, 4)[3]).toBe(44);
    expect(used.table.value).toBe(used.table.value);
    expect(view.hist).toBe(view.hist);
    expect(used.table.value.buffer).toBe(pages);
  });

  test('nothing is detached where nobody has taken an array', () => {
    const region = new Region('.data');
    region.setImage(new Uint8Array(SIZE));
    const { word } = variables(region);
    word.value = 1;
    const spy = jest.spyOn(globalThis, 'structuredClone');
    region.adopt(new ArrayBuffer(4096), SIZE, false);
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });

  test('the image is a copy both ways', () => {
    const region = new Region('.data');
    const bytes = new Uint8Array(SIZE);
    region.setImage(bytes);
    variables(region).word.value = 1;
    expect(bytes[128]).toBe(0);
    region.image()[128] = 9;
    expect(variables(region).word.value).toBe(1);
  });
});

describe('resizing before load', () => {
  const table = struct('table', { n: u32, tail: array(u64, 0) });
  test('the array at the end grows and shrinks with its section, for all who look at it', () => {
    const region = new Region('.data.table');
    region.setImage(new Uint8Array(16));
    const first: Any = createVariable(region, at('n', u32, 0));
    const one: Any = createVariable(region, at('items', array(u32, 3), 4));
    const two: Any = createVariable(region, at('items', array(u32, 3), 4));
    first.value = 7;
    one.write([1, 2, 3]);
    const raw = one.value;
    region.resize(32);
    expect([first.value, one.length, two.length, one.size]).toEqual([7, 7, 7, 28]);
    expect(two.read()).toEqual(Uint32Array.of(1, 2, 3, 0, 0, 0, 0));
    expect(raw.length).toBe(0);
    one.value[6] = 9;
    expect(two.value[6]).toBe(9);
    region.resize(12);
    expect(one.read()).toEqual(Uint32Array.of(1, 2));
    const pages = new ArrayBuffer(4096);
    new Uint8Array(pages).set(region.image());
    region.adopt(pages, 12, false);
    expect(one.value).toEqual(Uint32Array.of(1, 2));
    expect(() => {
      region.resize(64);
    }).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }));
  });

  test('what then lies beyond the end says so', () => {
    const region = new Region('.data');
    region.setImage(new Uint8Array(SIZE));
    const used = variables(region);
    region.resize(64);
    for (const name of ['a word', 'an unaligned word', '128 bits', 'an array', 'a snapshot of it'] as const) {
      const read = READS[name] ?? ((v: Variables) => v.table.read());
      expect(() => read(used)).toThrow(
        expect.objectContaining({
          code: 'ERR_OUT_OF_RANGE',
          message: expect.stringMatching(/beyond its end/),
        }),
      );
    }
    expect(() => (used.word.value = 1)).toThrow(/beyond its end/);
  });

  test('a flexible array has what its initialiser gave it', () => {
    const region = new Region('.data');
    region.setImage(new Uint8Array(64));
    const flexible: Any = createVariable(region, { ...at('t', table, 0), size: 32 });
    expect(flexible.value.tail.length).toBe(3);
    flexible.write({ n: 3, tail: [1n, 2n, 3n] });
    expect(flexible.read()).toEqual({ n: 3, tail: BigUint64Array.of(1n, 2n, 3n) });
    expect(flexible.size).toBe(32);
  });
});

describe('behind system calls', () => {
  function indirect() {
    const region = new Region('.data');
    const contents = new Uint8Array(SIZE);
    const calls = { reads: 0, writes: [] as [number, number][] };
    region.useSyscalls({
      read() {
        calls.reads++;
        return contents.slice();
      },
      write(offset, changed) {
        calls.writes.push([offset, changed.length]);
        contents.set(changed, offset);
      },
    });
    return { region, contents, calls };
  }

  test('each access is one system call or two, of the bytes concerned', () => {
    const { region, contents, calls } = indirect();
    const used = variables(region);
    const counted = (action: () => unknown): unknown => {
      calls.reads = 0;
      calls.writes = [];
      action();
      return [calls.reads, calls.writes];
    };
    expect(counted(() => used.word.value)).toEqual([1, []]);
    expect(counted(() => used.record.read())).toEqual([1, []]);
    expect(counted(() => (used.word.value = 6))).toEqual([1, [[128, 4]]]);
    expect(contents[128]).toBe(6);
    expect(counted(() => used.record.write({ pid: 2, inner: { on: true } }))).toEqual([
      1,
      [[0, record.size]],
    ]);
    expect(counted(() => (used.record.value.pid = 3))).toEqual([1, [[8, 4]]]);
    expect(counted(() => (used.unaligned.value = 3))).toEqual([1, [[145, 4]]]);
    expect(used.record.read()).toMatchObject({ pid: 3, inner: { on: true } });
  });

  test('arrays are views that read and write through', () => {
    const { region, contents } = indirect();
    const { table, text, record: struct } = variables(region);
    table.value[2] = 9;
    expect(contents[196]).toBe(9);
    contents[196] = 10;
    expect([...table.value]).toEqual([0, 0, 10, 0]);
    text.value.string = 'ab';
    expect([text.string, text.value.string, String(text.value)]).toEqual(['ab', 'ab', 'ab']);
    struct.value.comm.string = 'cd';
    expect(struct.read().comm.string).toBe('cd');
  });

  test('atomics are refused', () => {
    const { word } = variables(indirect().region);
    expect(() => word.atomic.add(1)).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }));
  });
});

describe('pages that may only be read', () => {
  function readOnly() {
    const region = new Region('.data');
    const contents = Uint8Array.from({ length: SIZE }, (_, i) => i);
    // The wide word is a safe integer.
    contents.fill(0, 141, 144);
    const copies: [number, number][] = [];
    region.adoptPages(
      {
        copy(offset, to) {
          copies.push([offset, to.length]);
          to.set(contents.subarray(offset, offset + to.length));
        },
      },
      SIZE,
    );
    return { region, contents, copies };
  }

  test.each(Object.entries(READS))('%s reads as elsewhere', (_, read) => {
    const { region, contents } = readOnly();
    const { region: other, pages } = mapped();
    new Uint8Array(pages).set(contents);
    expect(read(variables(region))).toEqual(read(variables(other)));
  });

  test.each(Object.entries(WRITES))('%s is refused', (_, write) => {
    const { region, contents } = readOnly();
    const before = contents.slice();
    expect(() => write(variables(region))).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
    expect(contents).toEqual(before);
  });

  test('each access copies the bytes concerned, as they are then', () => {
    const { region, contents, copies } = readOnly();
    const used = variables(region);
    const { atomic } = used.word;
    const copied = (action: () => unknown): unknown => {
      copies.length = 0;
      action();
      return copies;
    };
    expect(copied(() => used.word.value)).toEqual([[128, 4]]);
    expect(copied(() => used.unaligned.value)).toEqual([[145, 4]]);
    expect(copied(() => used.huge.value)).toEqual([[160, 16]]);
    expect(copied(() => atomic.load())).toEqual([[128, 4]]);
    expect(copied(() => used.record.read())).toEqual([[0, record.size]]);
    expect(copied(() => used.table.value)).toEqual([[192, 8]]);
    contents.fill(0, 128, 132);
    expect([used.word.value, atomic.load()]).toEqual([0, 0]);
    contents[128] = 7;
    expect([used.word.value, atomic.load()]).toEqual([7, 7]);
  });

  test('what lies beyond their end is no value', () => {
    const { region } = readOnly();
    const beyond: Any = createVariable(region, at('beyond', u32, SIZE - 2));
    const far: Any = createVariable(region, at('far', record, SIZE + 8));
    expect(() => beyond.value).toThrow(/beyond its end/);
    expect(() => far.value.pid).toThrow(/beyond its end/);
    expect(() => far.read()).toThrow(/beyond its end/);
  });
});

test('compiled accessors do not confuse addresses of 2 GiB and more', () => {
  const size = 2 ** 32 + 4096;
  const region = new Region('m', 'map');
  const pages = new ArrayBuffer(size);
  region.adopt(pages, size, false);
  const view = new DataView(pages);
  for (const offset of [0, 2 ** 31 - 256, 2 ** 31 + 256, 2 ** 32]) {
    const { value }: Any = createVariable(region, at('record', record, offset));
    value.pid = offset % 1000;
    value.count = BigInt(offset);
    expect([view.getInt32(offset + 8, true), view.getBigUint64(offset, true)]).toEqual([
      offset % 1000,
      BigInt(offset),
    ]);
    expect([value.pid, value.count]).toEqual([offset % 1000, BigInt(offset)]);
    expect(value.read()).toMatchObject({ pid: offset % 1000, count: BigInt(offset) });
  }
  expect(view.getInt32(8, true)).toBe(0);
});

describe('memory that the user took away', () => {
  // Before load on every Node; after load from Node 22 on, by ArrayBuffer.prototype.transfer().
  const take = (buffer: ArrayBuffer): void => {
    structuredClone(buffer, { transfer: [buffer] });
  };
  test.each(Object.entries(BOTH))('%s', (_, access) => {
    for (const state of ['image', 'mapped'] as const) {
      const region = new Region('.data');
      if (state === 'image') region.setImage(new Uint8Array(SIZE));
      else region.adopt(new ArrayBuffer(4096), SIZE, false);
      const used = variables(region);
      for (const read of Object.values(READS)) read(used);
      for (const write of Object.values(WRITES)) write(used);
      take(used.table.value.buffer as ArrayBuffer);
      expect(() => access(used)).toThrow(
        expect.objectContaining({ code: 'ERR_CLOSED', message: expect.stringMatching(/taken away/) }),
      );
      expect(() => access(used)).toThrow(/taken away/);
      region.close();
      expect(() => access(used)).toThrow(/is closed/);
    }
  });

  test('is not handed to libbpf as zeros', () => {
    const region = new Region('.data');
    region.setImage(new Uint8Array(SIZE));
    take(variables(region).table.value.buffer as ArrayBuffer);
    expect(() => region.image()).toThrow(/taken away/);
  });
});

test('variables that nobody holds are not kept by their region', () => {
  const { region } = mapped();
  const references: WeakRef<object>[] = [];
  for (let i = 0; i < 1000; i++) references.push(new WeakRef(createVariable(region, at('v', u32, 0))));
  const kept: Any = createVariable(region, at('kept', u32, 4));
  return new Promise<void>((resolve) => setTimeout(resolve, 0)).then(() => {
    collectGarbage();
    const alive = references.filter((reference) => reference.deref() !== undefined).length;
    // The last group is held until it is full.
    expect(alive).toBeLessThan(200);
    const pages = new ArrayBuffer(4096);
    new Uint32Array(pages)[1] = 8;
    region.adopt(pages, SIZE, false);
    expect(kept.value).toBe(8);
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

test('a stack that is used up is not taken for the end of the section', () => {
  const region = new Region('.data');
  region.setImage(new Uint8Array(8));
  const endless = (): unknown => [endless()];
  let overflow: unknown;
  try {
    endless();
  } catch (error) {
    overflow = error;
  }
  expect(overflow).toBeInstanceOf(RangeError);
  expect(region.explain(overflow)).toBe(overflow);
  expect(region.explain(new RangeError('Offset is outside the bounds of the DataView'))).toMatchObject({
    message: expect.stringMatching(/beyond its end/),
  });
});

test('a codec refuses to go beyond its memory, before it has written a byte', () => {
  const view = new DataView(new ArrayBuffer(record.size - 1));
  expect(() => {
    codecFor(record).write(view, 0, {}, true);
  }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG' }));
});
