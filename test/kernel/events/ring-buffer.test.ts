import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  BpfMap,
  BpfObject,
  Btf,
  PerfBuffer,
  readView,
  RingBuffer,
  toJSON,
  UserRingBuffer,
  type RecordType,
} from '../../../lib';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { BPF_RB_FORCE_WAKEUP, BPF_RB_NO_WAKEUP, Events, LoadEvents, turn } from '../../support/events';

interface Rec {
  sequence: number;
  delta: number;
  pid: number;
  inner: { low: number; flag: boolean };
}

let events: Events;
beforeEach(() => {
  events = new Events();
});
afterEach(() => events.close());

const open = (type: RecordType = 'struct record', int64: 'number' | 'bigint' = 'number') =>
  new RingBuffer<Rec>(events.object.map('ring'), { type, int64 });
const sequences = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

describe('records', () => {
  const plain = (i: number, int64: (value: number) => unknown) => ({
    sequence: int64(i),
    delta: int64(-5),
    pid: i,
    comm: expect.objectContaining({ string: 'tester' }),
    inner: { low: i, flag: i % 2 === 1 },
    bits: i & 7,
    more: i,
  });

  test.each([
    ['bigint', BigInt],
    ['number', Number],
  ] as const)('typed, with 64-bit integers as %s', (int64, make) => {
    const ring = open('struct record', int64);
    events.produce(3, { delta: -5n });
    expect(ring.consume()).toEqual([0, 1, 2].map((i) => plain(i, make)));
    ring.close();
  });

  test('views read as plain copies do', () => {
    const ring = open();
    events.produce(10, { delta: -5n });
    let seen = 0;
    ring.consume((batch) => {
      expect(batch).toHaveLength(10);
      expect(batch.map).toBe('ring');
      for (const view of batch) {
        expect(view.sequence).toBe(seen);
        expect(view.delta).toBe(-5);
        expect(view.inner.low).toBe(seen);
        expect(view.inner.flag).toBe(seen % 2 === 1);
        expect(view.read()).toEqual(plain(seen, Number));
        expect(readView(view as never)).toEqual(plain(seen, Number));
        expect(JSON.parse(JSON.stringify(view))).toMatchObject({ sequence: seen, comm: 'tester' });
        seen++;
      }
      batch.forEach((view, i) => expect(view.pid).toBe(i));
      expect(batch.at(-1)?.sequence).toBe(9);
      expect([batch.at(10), batch.at(-11), batch.bytes(10)]).toEqual([undefined, undefined, undefined]);
      expect(batch.bytes(0)).toHaveLength(40);
      expect(batch.read()).toHaveLength(10);
    });
    expect(seen).toBe(10);
  });

  test('bytes, where no type is given', () => {
    const ring = new RingBuffer<Uint8Array>(events.object.map('ring'));
    events.output(Uint8Array.of(1, 2, 3));
    expect(ring.consume()).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  test('every length from 0 to 4096, around the end of the ring and over it', () => {
    const ring = new RingBuffer<Uint8Array>(events.object.map('ring'));
    let wrong = 0;
    for (let length = 0; length <= 4096; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
      events.output(bytes);
      const records = ring.consume();
      if (records.length !== 1 || Buffer.compare(records[0]!, bytes) !== 0) wrong++;
    }
    expect(wrong).toBe(0);
    expect(ring.state().consumerPosition).toBeGreaterThan(64 << 10);
  });

  test('a flexible array at the end is as long as the record', () => {
    const ring = new RingBuffer(events.object.map('small'), { type: 'struct text' });
    events.run('say');
    expect(JSON.parse(JSON.stringify(ring.consume()))).toEqual([
      { length: 5, bytes: 'hello' },
      { length: 5, bytes: '' },
    ]);
  });

  test.each([
    [{ 1: 'struct opened', 7: 'struct closed' }],
    [{ KIND_OPEN: 'struct opened', KIND_CLOSE: 'struct closed' }],
  ])('by a tag: %j', (types) => {
    const ring = new RingBuffer(events.object.map('small'), { type: { tag: 'kind', types } });
    events.object.program('tagged').testRun();
    expect(ring.consume().slice(0, 2)).toEqual([
      { kind: 1, fd: 5 },
      { kind: 7, result: -2n },
    ]);
  });
});

describe('what does not fit is said', () => {
  test.each([
    ['RingBuffer', (object: BpfObject) => new RingBuffer(object.map('ring'))],
    ['records()', (object: BpfObject) => object.map('ring').records()],
    ['PerfBuffer', (object: BpfObject) => new PerfBuffer(object.map('perf'))],
    ['UserRingBuffer', (object: BpfObject) => new UserRingBuffer(object.map('commands'))],
  ])('%s before load', async (_, make) => {
    const object = BpfObject.open(compileBpf('events'));
    const made = async (): Promise<unknown> => {
      const stream = make(object);
      return 'next' in stream ? stream.next() : stream;
    };
    await expect(made()).rejects.toMatchObject({
      code: 'ERR_NOT_LOADED',
      message: expect.stringMatching(/^map '\w+' is not created yet/),
    });
    object.close();
  });

  test.each([
    ['a name that is not there', 'struct recrd', /struct record/],
    ['a name without struct', 'record', /did you mean 'struct record'/],
    ['no struct', '__u32', /is no struct/],
    ['a tag that is not first', { tag: 'fd', types: { 1: 'struct opened' } }, /first member .* 'kind'/],
    ['tags without types', { tag: 'kind', types: {} }, /at least one/],
    ['a tag that is no constant', { tag: 'kind', types: { KIND_OPNE: 'struct opened' } }, /KIND_OPEN/],
    ['neither', 5, /options.type/],
  ])('%s', (_, type, message) => {
    expect(() => open(type as RecordType)).toThrow(message);
  });

  test('options that are none', () => {
    expect(() => new RingBuffer(events.object.map('ring'), { int: 1 } as never)).toThrow(
      /options.int is not an option/,
    );
    expect(() => new RingBuffer(5 as never)).toThrow(/map must be/);
    expect(() => new RingBuffer(events.object.map('scratch'))).toThrow(/'scratch'/);
    expect(() => open().on('record' as never, () => undefined)).toThrow(/'records'/);
    expect(() => open().records(undefined, { signal: 1 as never })).toThrow(/AbortSignal/);
  });

  test('a record that is too short, or has an unknown tag', async () => {
    const ring = open();
    events.output(new Uint8Array(8));
    events.produce(1);
    expect(() => ring.consume()).toThrow(expect.objectContaining({ code: 'ERR_RECORD' }));
    expect(ring.consume()).toHaveLength(1);
    events.output(new Uint8Array(8));
    events.produce(1);
    const records = ring.records();
    await expect(records.next()).rejects.toThrow(/8 bytes is too short for struct record/);
    expect(await records.next()).toEqual({ done: true, value: undefined });
    expect(await ring.records().next()).toMatchObject({ value: { sequence: 1 } });
    const tagged = new RingBuffer(events.object.map('small'), {
      type: { tag: 'kind', types: { 7: 'struct closed' } },
    });
    events.run('tagged');
    expect(() => tagged.consume()).toThrow(/kind 1/);
  });

  test('a 64-bit integer that no number can hold', () => {
    const ring = open();
    events.produce(1, { delta: -(2n ** 53n) });
    events.produce(1, { delta: -(2n ** 53n) + 1n });
    ring.consume((batch) => {
      expect(() => batch.at(0)!.delta).toThrow(/member delta of struct record.*-9007199254740992/);
      expect(() => batch.at(0)!.read()).toThrow(/delta/);
      expect(batch.at(1)!.delta).toBe(Number.MIN_SAFE_INTEGER);
    });
  });

  test('writing into a record', () => {
    const ring = open();
    events.produce(1);
    ring.consume((batch) => {
      const view = batch.at(0) as any;
      expect(() => (view.pid = 1)).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
      expect(() => (view.pidd = 1)).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
    });
  });

  test('a second reader, and a second consumer', async () => {
    const ring = open();
    const other = open();
    events.produce(2);
    expect(ring.consume()).toHaveLength(2);
    expect(() => other.consume()).toThrow(expect.objectContaining({ code: 'ERR_BUSY' }));
    const pending = ring.records().next();
    expect(() => ring.consume()).toThrow(expect.objectContaining({ code: 'ERR_BUSY' }));
    expect(() => ring.on('records', () => undefined)).toThrow(expect.objectContaining({ code: 'ERR_BUSY' }));
    await expect(ring.records().next()).rejects.toThrow(expect.objectContaining({ code: 'ERR_BUSY' }));
    ring.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    events.produce(1);
    expect(other.consume()).toHaveLength(1);
  });

  test('consume(): the good ones, then the error, then what is behind it; each where it is', () => {
    const ring = open().add(events.object.map('small'), { type: 'struct opened' });
    const attempt = (): unknown => {
      try {
        return ring.consume().map((record) => ('sequence' in record ? record.sequence : 'other'));
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    events.output(new Uint8Array(8));
    events.produce(3);
    events.output(new Uint8Array(0));
    events.output(new Uint8Array(39));
    events.produce(1);
    events.run('tagged');
    expect(Array.from({ length: 6 }, attempt)).toEqual([
      'ERR_RECORD',
      [0, 1, 2],
      'ERR_RECORD',
      'ERR_RECORD',
      [3, 'other', 'other', 'other'],
      [],
    ]);
  });

  test('in a batch a bad record is the bad one only', () => {
    const ring = open();
    events.produce(1);
    events.output(new Uint8Array(8).fill(7));
    events.produce(1);
    const seen: unknown[] = [];
    const attempt = (use: () => unknown): void => {
      try {
        seen.push(use());
      } catch (error) {
        seen.push((error as { code: string }).code);
      }
    };
    ring.consume((batch) => {
      for (let i = 0; i < batch.length; i++) attempt(() => batch.at(i)?.sequence);
      attempt(() => batch.read());
      attempt(() => batch.bytes(1)?.length);
    });
    expect(seen).toEqual([0, 'ERR_RECORD', 1, 'ERR_RECORD', 8]);
  });

  test('one ring twice in one reader', () => {
    const ring = open();
    events.produce(1);
    const busy = expect.objectContaining({
      code: 'ERR_BUSY',
      message: expect.stringContaining('in this reader'),
    });
    const bare = BpfMap.fromFd(events.object.map('ring').fd);
    for (const map of [events.object.map('ring'), bare]) expect(() => ring.add(map)).toThrow(busy);
    // What was refused left nothing behind.
    ring.add(events.object.map('small'));
    expect(ring.consume()).toHaveLength(1);
    bare.close();
    ring.close();
  });

  test('after close', () => {
    const { object } = new Events();
    object.close();
    expect(() => new RingBuffer(object.map('ring'))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  });
});

describe('for await', () => {
  test('everything in order; break leaves the rest to the next one', async () => {
    const ring = open();
    events.produce(1000);
    const seen: number[] = [];
    for await (const { sequence } of ring.records()) {
      seen.push(sequence);
      if (seen.length % 137 === 0) break;
    }
    expect(seen).toEqual(sequences(0, 137));
    for await (const { sequence } of ring) if (seen.push(sequence) === 700) break;
    expect(seen).toEqual(sequences(0, 700));
    expect(ring.consume().map(({ sequence }) => sequence)).toEqual(sequences(700, 1000));
  });

  test('waits for records, and wakes up', async () => {
    const ring = open();
    setTimeout(() => events.produce(1), 20);
    const records = ring.records();
    expect(await records.next()).toMatchObject({ done: false, value: { sequence: 0 } });
    const three = [records.next(), records.next(), records.next()];
    setTimeout(() => events.produce(2), 5);
    setTimeout(() => events.produce(1), 10);
    expect((await Promise.all(three)).map(({ value }) => value?.sequence)).toEqual([1, 2, 3]);
  });

  test('more than comes with one turn of the event loop, without wake-ups', async () => {
    const ring = open();
    events.produce(1300, { flags: BPF_RB_NO_WAKEUP });
    let count = 0;
    for await (const { sequence } of ring.records()) {
      expect(sequence).toBe(count++);
      if (count === 1300) break;
    }
  });

  test('timers have their turns where the ring never gets empty', async () => {
    const ring = open();
    events.produce(1000, { flags: BPF_RB_NO_WAKEUP });
    const timer = { fired: false };
    setTimeout(() => (timer.fired = true), 10);
    let count = 0;
    for await (const { sequence } of ring.records()) {
      expect(sequence).toBe(count++);
      if (timer.fired) break;
      if (count % 500 === 0) events.produce(500, { flags: BPF_RB_NO_WAKEUP });
      if (count === 200_000) throw new Error('no timer in 200,000 records');
    }
  });

  test('a slow consumer: the ring fills, drops are the BPF side’s to count, nothing is lost in between', async () => {
    const ring = open();
    const records = ring.records();
    events.produce(5000);
    const kept = Math.floor((64 << 10) / 48);
    expect(events.number('dropped')).toBe(5000 - kept);
    for (let i = 0; i < kept; i++) expect((await records.next()).value?.sequence).toBe(i);
    const { available } = ring.state();
    expect(available).toBeLessThan(64 * 48 + 1);
    await records.return?.();
    expect(ring.state().available).toBe(0);
  });

  test('return, throw, close, and the end of the object', async () => {
    const ring = open();
    const records = ring.records();
    const pending = records.next();
    expect(await records.return!()).toEqual({ done: true, value: undefined });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await records.next()).toEqual({ done: true, value: undefined });
    await expect(ring.records().throw!(new Error('mine'))).rejects.toThrow('mine');
    const last = ring.records().next();
    events.object.close();
    expect(await last).toEqual({ done: true, value: undefined });
    expect(ring.closed).toBe(true);
    expect(() => ring.records()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  });

  test('an AbortSignal', async () => {
    const ring = open();
    const controller = new AbortController();
    const pending = ring.records(undefined, { signal: controller.signal }).next();
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await expect(ring.records(undefined, { signal: controller.signal }).next()).rejects.toThrow('enough');
    expect(
      await ring
        .records(undefined, { signal: AbortSignal.timeout(5) })
        .next()
        .catch((e: unknown) => (e as Error).name),
    ).toBe('TimeoutError');
  });

  test('another type than the reader’s', async () => {
    const ring = new RingBuffer(events.object.map('ring'));
    events.produce(1);
    expect(await ring.records('struct record').next()).toMatchObject({ value: { sequence: 0n } });
  });

  test('map.records(): a reader for one iteration', async () => {
    const map = events.object.map('ring');
    events.produce(3);
    const seen = [];
    for await (const record of map.records<{ sequence: bigint }>('struct record')) {
      seen.push(record.sequence);
      if (seen.length === 2) break;
    }
    for await (const record of map.withInt64('number').records<{ sequence: number }>('struct record')) {
      seen.push(record.sequence);
      break;
    }
    expect(seen).toEqual([0n, 1n, 2]);
    expect(() => events.object.map('scratch').records()).toThrow(/is a array|is an array/);
  });
});

describe("on('records')", () => {
  test('batches, and what is left of them afterwards', async () => {
    const ring = open();
    const kept: any[] = [];
    const batches: number[] = [];
    ring.on('records', (batch) => {
      batches.push(batch.length);
      kept.push(batch, batch.at(0), batch.at(0)?.inner);
    });
    events.produce(5);
    await turn(20);
    expect(batches).toEqual([5]);
    const [batch, view, inner] = kept;
    for (const use of [
      () => batch.at(0),
      () => batch.read(),
      () => batch.bytes(0),
      () => view.sequence,
      () => view.delta,
      () => view.pid,
      () => view.bits,
      () => view.comm,
      () => view.read(),
      () => view.inner.low,
      () => inner.low,
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
    }
    // Nor do they show the next batch.
    ring.on('records', () => expect(() => view.pid).toThrow(/over/));
    events.produce(1);
    await turn(20);
    expect(batches).toEqual([5, 1]);
  });

  test('close in the middle of a batch: the loop ends, the views are over', async () => {
    const ring = open();
    let seen = 0;
    let after: unknown;
    ring.on('records', (batch) => {
      for (const view of batch) {
        seen++;
        if (seen === 3) {
          ring.close();
          try {
            after = view.pid;
          } catch (error) {
            after = (error as { code: string }).code;
          }
        }
      }
    });
    events.produce(10);
    await turn(20);
    expect([seen, after, ring.closed]).toEqual([3, 'ERR_CLOSED', true]);
    const next = open();
    events.produce(1);
    expect(next.consume().map(({ sequence }) => sequence)).toEqual([10]);
  });

  test('off() leaves records in the kernel', async () => {
    const ring = open();
    const listener = jest.fn();
    ring.on('records', listener).off('records', listener);
    events.produce(3);
    await turn(10);
    expect(listener).not.toHaveBeenCalled();
    expect(ring.consume()).toHaveLength(3);
  });

  test('consuming inside a batch is refused', async () => {
    const ring = open();
    let code;
    ring.on('records', () => {
      try {
        ring.consume();
      } catch (error) {
        code = (error as { code: string }).code;
      }
      ring.flush();
    });
    events.produce(1);
    await turn(10);
    expect(code).toBe('ERR_BUSY');
  });

  test('records without a wake-up come with flush(), or with one that has', async () => {
    const ring = open();
    const counts: number[] = [];
    ring.on('records', (batch) => counts.push(batch.length));
    await turn(10);
    events.produce(2, { flags: BPF_RB_NO_WAKEUP });
    await turn(20);
    expect(counts).toEqual([]);
    ring.flush();
    expect(counts).toEqual([2]);
    events.produce(2, { flags: BPF_RB_NO_WAKEUP });
    events.produce(1, { flags: BPF_RB_FORCE_WAKEUP });
    await turn(20);
    expect(counts).toEqual([2, 3]);
  });

  test('flush() gives one batch at once, and the rest with the next turns of the event loop', async () => {
    const load = new LoadEvents();
    const ring = new RingBuffer(load.object.map('load'));
    const counts: number[] = [];
    ring.on('records', (batch) => counts.push(batch.length));
    await turn(20);
    load.produce(5000, { shortest: 0, longest: 0, flags: BPF_RB_NO_WAKEUP });
    await turn(20);
    ring.flush();
    expect(counts).toEqual([2048]);
    await turn(20);
    expect(counts).toEqual([2048, 2048, 904]);
    load.close();
  });

  test('flush() in a listener, which is as fast as the records: the event loop goes on turning', async () => {
    const ring = open();
    const counts: number[] = [];
    let turned = 0;
    ring.on('records', (batch) => {
      counts.push(batch.length);
      if (turned < 5) events.produce(1, { flags: BPF_RB_NO_WAKEUP });
      ring.flush();
    });
    events.produce(1);
    while (turned < 5) {
      await turn(1);
      turned++;
    }
    await turn(20);
    expect(counts.length).toBeGreaterThan(4);
    expect(counts.every((count) => count === 1)).toBe(true);
    expect(ring.state().available).toBe(0);
  });

  test('busy polling needs no wake-up at all', async () => {
    const ring = new RingBuffer(events.object.map('ring'), { busyPoll: true });
    const counts: number[] = [];
    ring.on('records', (batch) => counts.push(batch.length));
    events.produce(2, { flags: BPF_RB_NO_WAKEUP });
    await turn(20);
    events.produce(1, { flags: BPF_RB_NO_WAKEUP });
    await turn(20);
    expect(counts).toEqual([2, 1]);
    ring.close();
  });
});

test('several maps on one reader', async () => {
  const ring = open().add(events.object.map('small'), { type: 'struct text' });
  const maps: string[] = [];
  ring.on('records', (batch) => maps.push(`${batch.map} ${batch.length}`));
  events.produce(2);
  events.run('say');
  await turn(20);
  expect(maps.sort()).toEqual(['ring 2', 'small 2']);
  expect(ring.state(events.object.map('small')).size).toBe(4096);
  expect(() => ring.state(events.object.map('perf'))).toThrow(
    expect.objectContaining({ code: 'ERR_NOT_FOUND' }),
  );
});

test('discarded records, and those still reserved, are not given out', () => {
  const ring = open();
  events.produce(100, { discard: 3 });
  const expected = sequences(0, 100).filter((i) => i % 3 !== 0);
  expect(ring.consume().map(({ sequence }) => sequence)).toEqual(expected);
  events.produce(10, { discard: 1 });
  expect(ring.consume()).toEqual([]);
  expect(ring.state().available).toBe(0);
});

test('a map that belongs to no object: bytes, or records by their layout', () => {
  const map = BpfMap.fromFd(events.object.map('ring').fd);
  expect(() => new RingBuffer(map, { type: 'struct record' })).toThrow(/belongs to no object.*layout/);
  const { layout } = Btf.fromFile(compileBpf('events')).type('struct record');
  const ring = new RingBuffer<Rec>(map, { type: layout, int64: 'number' });
  events.produce(2);
  expect(ring.consume().map(({ sequence }) => sequence)).toEqual([0, 1]);
  // The reader has a descriptor of its own.
  map.close();
  events.produce(1);
  expect(ring.consume()).toHaveLength(1);
  ring.close();
});

test('the state of the ring', () => {
  const ring = open();
  expect(ring.state()).toEqual({ size: 65536, available: 0, consumerPosition: 0, producerPosition: 0 });
  events.produce(2);
  expect(ring.state()).toEqual({ size: 65536, available: 96, consumerPosition: 0, producerPosition: 96 });
});

test('Readable.from, and a pipeline to NDJSON', async () => {
  const ring = open('struct record', 'bigint');
  events.produce(3);
  const stream = Readable.from(ring.records());
  const first: any[] = [];
  for await (const record of stream) if (first.push(record) === 2) break;
  expect(first.map(({ sequence }) => sequence)).toEqual([0n, 1n]);

  events.produce(2, { delta: 2n ** 60n });
  const lines: string[] = [];
  const controller = new AbortController();
  await pipeline(
    ring.records(),
    async function* (records: AsyncIterable<unknown>) {
      for await (const record of records) yield `${JSON.stringify(toJSON(record))}\n`;
    },
    new Writable({
      write(chunk, _, done) {
        lines.push(String(chunk));
        if (String(chunk).includes(String(2n ** 60n))) ring.close();
        done();
      },
    }),
    { signal: controller.signal },
  );
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ delta: String(2n ** 60n), comm: 'tester' });
});

// LONG=1: ten million records.
const ROUNDS = process.env['LONG'] === undefined ? 200 : 10_000;
test(`nothing lost and nothing twice: ${ROUNDS * 1000} records, by turns in all ways`, async () => {
  const ring = open();
  let expected = 0;
  let wrong = 0;
  const check = ({ sequence }: { sequence: number }): void => {
    if (sequence !== expected++) wrong++;
  };
  for (let round = 0; round < ROUNDS; round++) {
    events.produce(1000);
    const end = expected + 1000;
    if (round % 3 === 0) ring.consume((batch) => batch.forEach(check));
    else if (round % 3 === 1) {
      for await (const record of ring.records()) {
        check(record);
        if (expected === end) break;
      }
    } else {
      await new Promise<void>((done) => {
        const listener = (batch: { forEach(use: typeof check): void }): void => {
          batch.forEach(check);
          if (expected >= end) {
            ring.off('records', listener);
            done();
          }
        };
        ring.on('records', listener);
      });
    }
  }
  expect([wrong, expected, events.number('dropped')]).toEqual([0, ROUNDS * 1000, 0]);
}, 600_000);

describe('a ring of 1 GiB', () => {
  const SOURCE = `
    #include <linux/bpf.h>
    #include <bpf/bpf_helpers.h>
    char LICENSE[] SEC("license") = "GPL";
    struct large { __u64 first, second; char tail[]; } *unused;
    struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 30); } huge SEC(".maps");
    SEC("syscall") int skip_half(void *ctx) {
      void *half = bpf_ringbuf_reserve(&huge, (1 << 29) - 16, 0);
      if (half) bpf_ringbuf_discard(half, 0);
      return half == 0;
    }
    __u64 words[] = { 1, 2, 0x3837363534333231 };
    SEC("syscall") int emit(void *ctx) { return bpf_ringbuf_output(&huge, words, sizeof(words), 0); }
  `;
  // The kernel allocates all of it at once.
  const room = freemem() > 1.5 * 2 ** 30;
  const reason = room ? '' : ' (skipped: this machine has less than 1.5 GiB free)';

  (room ? test : test.skip)(`is read over its end, and let go${reason}`, () => {
    const maps = (): number =>
      readFileSync('/proc/self/maps', 'utf8')
        .split('\n')
        .filter((line) => line.includes('bpf-map')).length;
    const before = maps();
    using object = BpfObject.open(compileBpfSource(SOURCE, 'ring-1gib'));
    object.load();
    const ring = new RingBuffer<object>(object.map('huge'), { type: 'struct large' });
    const run = (program: string): void => {
      expect(object.program(program).testRun().retval).toBe(0);
    };
    run('skip_half');
    run('skip_half');
    expect(ring.consume()).toEqual([]);
    expect(ring.state()).toMatchObject({ size: 2 ** 30, available: 0 });
    expect(ring.state().consumerPosition).toBe(2 ** 30 - 16);
    run('emit');
    run('emit');
    let seen = 0;
    ring.consume((batch) => {
      for (const view of batch) {
        expect(view.read()).toMatchObject({ first: 1n, second: 2n, tail: { string: '12345678' } });
        seen++;
      }
    });
    expect([seen, ring.state().consumerPosition]).toEqual([2, 2 ** 30 - 16 + 2 * 32]);
    ring.close();
    object.close();
    expect(maps()).toBe(before);
  });
});
