import { availableParallelism } from 'node:os';
import { BpfMap, PerfBuffer } from '../../../lib';
import { Events, turn } from '../../support/events';

interface Opened {
  kind: number;
  fd: number;
}

let events: Events;
beforeEach(() => {
  events = new Events();
});
afterEach(() => events.close());

const open = (options = {}) =>
  new PerfBuffer<Opened>(events.object.map('perf'), { type: 'struct opened', ...options });

function output(from: number, to: number, cpu = 0): void {
  for (let i = from; i < to; i++) {
    const context = new Uint8Array(new BigUint64Array([BigInt(i)]).buffer);
    events.object.program('perf_output').testRun({ context, cpu, flags: 1 });
  }
}

test('records of one CPU in order, in all ways', async () => {
  const perf = open();
  output(0, 5);
  expect(perf.consume().map(({ fd }) => fd)).toEqual([0, 1, 2, 3, 4]);
  output(5, 10);
  const seen: number[] = [];
  for await (const { fd } of perf) {
    seen.push(fd);
    if (seen.length === 3) break;
  }
  for await (const { fd } of perf.records()) if (seen.push(fd) === 5) break;
  expect(seen).toEqual([5, 6, 7, 8, 9]);
  const batches: unknown[] = [];
  perf.on('records', (batch) => batches.push([batch.map, batch.cpu, [...batch].map(({ fd }) => fd)]));
  output(10, 12);
  await turn(30);
  expect(batches.flatMap((batch) => (batch as [string, number, number[]])[2])).toEqual([10, 11]);
  expect(batches[0]).toEqual(['perf', 0, expect.any(Array)]);
  perf.close();
  perf.close();
  expect(() => perf.consume()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});

test('each CPU has a buffer of its own', () => {
  const perf = open();
  const cpus = Math.min(2, availableParallelism());
  for (let cpu = 0; cpu < cpus; cpu++) output(cpu * 10, cpu * 10 + 3, cpu);
  const found = new Map<number, number[]>();
  perf.consume(
    (batch) =>
      void found.set(
        batch.cpu!,
        batch.read().map(({ fd }) => fd),
      ),
  );
  for (let cpu = 0; cpu < cpus; cpu++) expect(found.get(cpu)).toEqual([0, 1, 2].map((i) => cpu * 10 + i));
});

test('what does not fit is lost, and counted', () => {
  const perf = open({ pages: 1 });
  output(0, 300);
  const records = perf.consume();
  expect(records.length).toBeGreaterThan(50);
  output(300, 301);
  const more = perf.consume();
  expect(records.length + more.length + perf.lost).toBe(301);
  expect(perf.lost).toBeGreaterThan(0);
  perf.close();
  expect(perf.lost).toBeGreaterThan(0);
});

test('map.records() tells what was lost, also when it is over', async () => {
  const records = events.object.map('perf').records('struct opened');
  expect(records.lost).toBe(0);
  output(0, 15000);
  let count = 0;
  // The kernel says so with the next record that has room.
  for await (const record of records) {
    if (count++ === 0) continue;
    if (record['fd'] === 15000) break;
    if (count === 3000) output(15000, 15001);
  }
  expect(records.lost).toBeGreaterThan(0);
  expect(count + (records.lost ?? 0)).toBe(15001);
  expect(events.object.map('ring').records().lost).toBeUndefined();
});

test('wake-ups after so many records', async () => {
  const perf = open({ wakeupEvents: 4 });
  const counts: number[] = [];
  perf.on('records', (batch) => counts.push(batch.length));
  // A new listener looks by itself for some turns of the event loop.
  for (let i = 0; i < 10; i++) await turn(10);
  output(0, 3);
  await turn(30);
  expect(counts).toEqual([]);
  output(3, 4);
  await turn(30);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(4);
});

test('wake-ups after so many bytes', async () => {
  // A sample with 8 bytes in it has 24: a header of 8, its size, and padding.
  const perf = open({ wakeupBytes: 24 * 4 });
  let count = 0;
  perf.on('records', (batch) => void (count += batch.length));
  for (let i = 0; i < 10; i++) await turn(10);
  output(0, 3);
  await turn(30);
  expect(count).toBe(0);
  output(3, 6);
  await turn(30);
  expect(count).toBeGreaterThan(3);
  output(6, 7);
  perf.flush();
  expect(count).toBe(7);
});

test('map.records() reads it, too', async () => {
  const records = events.object.map('perf').records<Opened>('struct opened');
  output(7, 8);
  expect(await records.next()).toEqual({ done: false, value: { kind: 1, fd: 7 } });
  await records.return?.();
});

test.each([
  [{ pages: 3 }, /power of two/],
  [{ pages: 0 }, /pages/],
  [{ wakeupEvents: 0 }, /wakeupEvents/],
  [{ page: 1 }, /not an option/],
  [{ type: 'struct nothing' }, /struct nothing/],
])('options %j', (options, message) => {
  expect(() => open(options)).toThrow(message);
});

test('another map', () => {
  expect(() => new PerfBuffer(events.object.map('ring'))).toThrow(
    expect.objectContaining({ code: 'EINVAL', syscall: 'perf_buffer__new_raw' }),
  );
});

test('a map has one perf buffer, whose events a second one would take; the next one after close()', () => {
  const first = open();
  const bare = BpfMap.fromFd(events.object.map('perf').fd);
  for (const map of [events.object.map('perf'), bare]) {
    expect(() => new PerfBuffer(map)).toThrow(
      expect.objectContaining({
        code: 'ERR_BUSY',
        message: expect.stringContaining("map 'perf' is being read"),
      }),
    );
  }
  expect(() => events.object.map('perf').records()).toThrow(expect.objectContaining({ code: 'ERR_BUSY' }));
  output(0, 2);
  expect(first.consume()).toHaveLength(2);
  first.close();
  // One that cannot be made keeps nothing from the others.
  expect(() => open({ type: 'struct nothing' })).toThrow();
  expect(() => new PerfBuffer(bare, { pages: 1 << 20 })).toThrow(
    expect.objectContaining({ syscall: 'perf_buffer__new_raw' }),
  );
  const second = new PerfBuffer(bare);
  output(0, 3);
  expect(second.consume()).toHaveLength(3);
  second.close();
  bare.close();
});
