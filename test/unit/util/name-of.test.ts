import { nameOf } from '../../../lib/util/name-of';

test('the way from a value back to its name', () => {
  const color = { RED: 0, GREEN: 5, LIME: 5 } as const;
  expect([nameOf(color, 5), nameOf(color, 0), nameOf(color, 6)]).toEqual(['GREEN', 'RED', undefined]);
  expect(nameOf({ BIG: 2n ** 63n }, 2n ** 63n)).toBe('BIG');
});

test('anything else is refused', () => {
  expect(() => nameOf(null as never, 5)).toThrow(/^constants must be the constants of an enum, not null/);
  expect(() => nameOf({}, 'x' as never)).toThrow(/^value must be a number or bigint/);
});
