/** Loops at an interval: how they turn and how they end. */
import { every } from '../../../lib/tools';

test('turns are counted and end after `times`', async () => {
  const turns: number[] = [];
  const start = performance.now();
  for await (const turn of every(20, { times: 3 })) turns.push(turn);
  expect(turns).toEqual([1, 2, 3]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(58);
});

test('a turn that takes long skips what it missed', async () => {
  const at: number[] = [];
  const start = performance.now();
  for await (const turn of every(50, { times: 2 })) {
    at.push(performance.now() - start);
    if (turn === 1) await new Promise((resolve) => setTimeout(resolve, 120));
  }
  // At 50 and 200; 100 and 150 were missed. Timers may fire a millisecond early.
  expect(at[1]).toBeGreaterThanOrEqual(198);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the wait at once, and its listener goes',
  async (signal) => {
    const before = process.listenerCount(signal);
    setTimeout(() => process.emit(signal), 20);
    const start = performance.now();
    for await (const turn of every(60_000)) throw new Error(`turn ${String(turn)}`);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(process.listenerCount(signal)).toBe(before);
  },
);

test('an aborted signal ends it, before and in the middle', async () => {
  const controller = new AbortController();
  let turns = 0;
  for await (const turn of every(5, { signal: controller.signal, endOn: [] })) {
    turns = turn;
    if (turn === 2) controller.abort();
  }
  for await (const turn of every(5, { signal: controller.signal })) turns += turn;
  expect(turns).toBe(2);
});

test('break leaves no listener', async () => {
  const before = process.listenerCount('SIGINT');
  for await (const turn of every(1)) if (turn === 1) break;
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('wrong arguments', () => {
  expect(() => every(0)).toThrow('milliseconds must be an integer from 1');
  expect(() => every(1, { endOn: 'SIGINT' as never })).toThrow('options.endOn must be an array of signals');
  expect(() => every(1, { signals: [] } as never)).toThrow('options.signals is not an option');
});
