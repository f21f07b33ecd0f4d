/** Any layout, any value: what is written is read back, nothing else changes, and what is refused changes nothing. */
import fc from 'fast-check';
import { codecFor } from '../../../lib/btf/codec/codec';
import { fitType } from '../../../lib/btf/layout/fit-type';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { MEMORIES, createVariable, regionOf } from '../../support/globals';
import { anyType, misfit, valueOf } from '../../support/type-arbitrary';

const RUNS = { numRuns: Number(process.env['MEMORY_RUNS'] ?? 300) };

/** As a variable has it: flexible arrays reach over the padding, and over the other members of a union. */
const fittedType = anyType.map((type) => fitType(type, type.size));

const typeAndValue = fittedType.chain((type) =>
  fc.record({ type: fc.constant(type), value: valueOf(type), other: valueOf(type), offset: fc.nat(16) }),
);

function variableOf(type: Type, offset: number, memory: (typeof MEMORIES)[number], fill: number) {
  const { region, bytes } = regionOf(memory, new Uint8Array(offset + type.size + 16).fill(fill));
  const spec = {
    name: 'v',
    section: '.data',
    offset,
    size: type.size,
    type,
    declaration: 'v',
    growsWithSection: false,
  };
  return { variable: createVariable(region, spec), bytes };
}

/** Only the members that were given of a union can be compared. */
function matches(read: unknown, written: unknown): boolean {
  if (typeof written === 'number' && typeof read === 'number') {
    return Object.is(read, written) || read === written || Object.is(read, Math.fround(written));
  }
  if (typeof read === 'object' && read !== null) {
    if (Symbol.iterator in read) {
      const items = Array.from(read as Iterable<unknown>);
      const expected = written as unknown[];
      return items.length === expected.length && items.every((item, i) => matches(item, expected[i]));
    }
    const object = read as Record<string, unknown>;
    return Object.entries(written as object).every(([key, item]) => matches(object[key], item));
  }
  return read === written;
}

test.each(MEMORIES)('written and read back in %s memory, at any offset', (memory) => {
  fc.assert(
    fc.property(typeAndValue, ({ type, value, other, offset }) => {
      const { variable, bytes } = variableOf(type, offset, memory, 0xa5);
      for (const each of [value, other]) {
        variable.write(each);
        expect(matches(variable.read(), each)).toBe(true);
        // Written again it means the same. (A bool of 0xa5, from what was there before, becomes 1.)
        const before = variable.read();
        try {
          variable.write(before);
        } catch (error) {
          // A bool that shares its byte with others and was 0xa4 there cannot be written: true is 1.
          expect((error as Error).message).toMatch(/contradicts/);
          expect(JSON.stringify(type)).toMatch(/union.*bool/);
        }
        expect(variable.read()).toEqual(before);
      }
      const after = bytes();
      expect(after.subarray(0, offset).every((byte) => byte === 0xa5)).toBe(true);
      expect(after.subarray(offset + type.size).every((byte) => byte === 0xa5)).toBe(true);
    }),
    RUNS,
  );
});

test('members through live views are what the snapshot has', () => {
  fc.assert(
    fc.property(typeAndValue, fc.constantFrom(...MEMORIES), ({ type, value, offset }, memory) => {
      const { variable } = variableOf(type, offset, memory, 0x5a);
      variable.write(value);
      const live = (view: unknown, snapshot: unknown): void => {
        if (typeof snapshot !== 'object' || snapshot === null) {
          expect(view).toEqual(snapshot);
        } else if (Symbol.iterator in snapshot) {
          const items = Array.from(snapshot as Iterable<unknown>);
          expect((view as ArrayLike<unknown>).length).toBe(items.length);
          items.forEach((item, i) => {
            live((view as ArrayLike<unknown>)[i], item);
          });
        } else {
          for (const [key, item] of Object.entries(snapshot))
            live((view as Record<string, unknown>)[key], item);
        }
      };
      live(variable.value, variable.read());
    }),
    RUNS,
  );
});

test('assigning member by member is writing the whole', () => {
  fc.assert(
    fc.property(typeAndValue, fc.constantFrom(...MEMORIES), ({ type, value, offset }, memory) => {
      const whole = variableOf(type, offset, memory, 0x33);
      const parts = variableOf(type, offset, memory, 0x33);
      whole.variable.write(value);
      if (type.kind === 'struct' || type.kind === 'union') {
        for (const [key, item] of Object.entries(value as object)) {
          (parts.variable.value as Record<string, unknown>)[key] = item;
        }
      } else parts.variable.value = value;
      expect(parts.bytes()).toEqual(whole.bytes());
    }),
    RUNS,
  );
});

/** Puts `bad` somewhere into a value. */
function spoil(value: unknown, bad: unknown, way: number): unknown {
  if (typeof value !== 'object' || value === null) return bad;
  if (Array.isArray(value)) {
    if (value.length === 0) return bad;
    const at = way % value.length;
    return value.map((item, i) => (i === at ? spoil(item, bad, way >> 2) : (item as unknown)));
  }
  const keys = Object.keys(value);
  const key = keys[way % keys.length] ?? '';
  return { ...value, [key]: spoil((value as Record<string, unknown>)[key], bad, way >> 2) };
}

test('what is refused has changed nothing', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      typeAndValue,
      misfit,
      fc.nat(),
      fc.constantFrom(...MEMORIES),
      ({ type, value, offset }, bad, way, memory) => {
        const { variable, bytes } = variableOf(type, offset, memory, 0x77);
        const before = bytes();
        try {
          variable.write(spoil(value, bad, way));
        } catch (error) {
          refused++;
          expect((error as { code: string }).code).toMatch(/^ERR_(OUT_OF_RANGE|INVALID_ARG)$/);
          expect((error as Error).message).toMatch(/^variable 'v' in \.data(, |: )/);
          expect(bytes()).toEqual(before);
        }
      },
    ),
    RUNS,
  );
  expect(refused).toBeGreaterThan(RUNS.numRuns / 2);
});

test('a codec writes the same bytes in either order, reversed', () => {
  const integers = anyType.filter(
    (type) => type.kind !== 'struct' && type.kind !== 'union' && type.kind !== 'array',
  );
  fc.assert(
    fc.property(
      integers.chain((type) => fc.tuple(fc.constant(type), valueOf(type))),
      ([type, value]) => {
        const little = new DataView(new ArrayBuffer(type.size));
        const big = new DataView(new ArrayBuffer(type.size));
        codecFor(type).write(little, 0, value);
        codecFor(type, { littleEndian: false }).write(big, 0, value);
        expect(new Uint8Array(big.buffer).slice().reverse()).toEqual(new Uint8Array(little.buffer));
        expect(codecFor(type, { littleEndian: false }).read(big, 0)).toEqual(codecFor(type).read(little, 0));
      },
    ),
    RUNS,
  );
});
