import { closeAll } from '../../../lib/util/closable';

test('all are closed, and the first error is thrown afterwards', () => {
  const closed: number[] = [];
  const failing = (n: number) => ({
    close() {
      closed.push(n);
      if (n > 1) throw new Error(`${n} fails`);
    },
  });
  const closables = new Set([failing(1), failing(2), failing(3)]);
  expect(() => closeAll(closables)).toThrow('2 fails');
  expect(closed).toEqual([1, 2, 3]);
  expect(closables.size).toBe(0);
  expect(() => closeAll(closables)).not.toThrow();
});
