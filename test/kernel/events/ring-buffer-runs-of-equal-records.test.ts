/** Records of one length in a row are found by counting, others through an index: nobody may see the difference. */
import { RingBuffer } from '../../../lib';
import { Events } from '../../support/events';

let events: Events;
beforeEach(() => {
  events = new Events();
});
afterEach(() => events.close());

/** What was produced, in order: numbers are records of 40 bytes with that sequence, texts are bytes. */
type Expected = (number | string)[];

let sequence = 0;
beforeEach(() => (sequence = 0));

function even(count: number, discard = 0): Expected {
  events.produce(count, { discard });
  const made = Array.from({ length: count }, () => sequence++);
  return made.filter((i) => discard === 0 || i % discard !== 0);
}

function odd(length: number): Expected {
  const bytes = Uint8Array.from({ length }, (_, i) => i + length);
  events.output(bytes);
  return [Buffer.from(bytes).toString('hex')];
}

const shown = (bytes: Uint8Array): number | string =>
  bytes.length === 40 ? new DataView(bytes.buffer).getUint32(0, true) : Buffer.from(bytes).toString('hex');

const cases: [string, () => Expected, number[]][] = [
  ['one record', () => even(1), [1]],
  ['a few', () => even(5), [5]],
  ['many', () => even(600), [600]],
  ['a few before another', () => [...even(5), ...odd(3)], [6]],
  ['many before another', () => [...even(300), ...odd(3)], [300, 1]],
  ['many after another', () => [...odd(3), ...even(300)], [301]],
  [
    'few and many in turn',
    () => [...even(300), ...odd(41), ...even(20), ...odd(39), ...even(300)],
    [300, 322],
  ],
  ['discarded ones between', () => [...even(300), ...even(300, 4)], [300, 225]],
  ['discarded ones first', () => [...even(4, 1), ...even(300)], [300]],
  ['empty ones', () => Array.from({ length: 300 }, () => odd(0)[0] as string), [300]],
];

describe.each([0, 700])('after %i others, so that the end of the ring is elsewhere', (before) => {
  test.each(cases)('%s, in batches', (_, produce, sizes) => {
    const ring = new RingBuffer<Uint8Array>(events.object.map('ring'));
    even(before);
    ring.consume();
    const expected = produce();
    const seen: Expected = [];
    const batches: number[] = [];
    ring.consume((batch) => {
      batches.push(batch.length);
      expect(batch.read().map(shown)).toEqual([...batch].map(shown));
      for (let i = 0; i < batch.length; i++) {
        expect(batch.at(i)).toEqual(batch.bytes(i));
        seen.push(shown(batch.at(i) as Uint8Array));
      }
      expect([batch.at(batch.length), batch.at(-batch.length - 1)]).toEqual([undefined, undefined]);
    });
    expect(seen).toEqual(expected);
    expect(batches).toEqual(sizes);
    expect(ring.state().available).toBe(0);
  });

  test.each(cases)('%s, one by one, by two iterations', async (_, produce) => {
    const ring = new RingBuffer<Uint8Array>(events.object.map('ring'));
    even(before);
    ring.consume();
    const expected = produce();
    const seen: Expected = [];
    for (const end of [Math.ceil(expected.length / 3), expected.length]) {
      if (seen.length === end) continue;
      for await (const record of ring) {
        seen.push(shown(record));
        if (seen.length === end) break;
      }
    }
    expect(seen).toEqual(expected);
    expect(ring.state().available).toBe(0);
  });
});

test('what an iteration was not asked for stays in the ring', async () => {
  const ring = new RingBuffer<{ sequence: number }>(events.object.map('ring'), {
    type: 'struct record',
    int64: 'number',
  });
  even(1000);
  for (const stop of [1, 63, 64, 65, 255, 256, 257, 999]) {
    const records = ring.records();
    while ((await records.next()).value?.sequence !== stop);
    await records.return?.();
    expect(ring.state().available).toBe((999 - stop) * 48);
  }
});

test('many that are too short for their type', async () => {
  const ring = new RingBuffer(events.object.map('ring'), { type: 'struct record' });
  const short = expect.objectContaining({ code: 'ERR_RECORD', message: expect.stringMatching(/8 bytes/) });
  for (let i = 0; i < 300; i++) odd(8);
  even(1);
  expect(() => ring.consume((batch) => batch.at(0))).toThrow(short);
  for (let i = 0; i < 300; i++) odd(8);
  for (const use of [
    (batch: Iterable<unknown>) => [...batch],
    (batch: { forEach(f: () => void): void }) => batch.forEach(() => undefined),
    (batch: { read(): unknown }) => batch.read(),
  ]) {
    expect(() => ring.consume(use as never)).toThrow(short);
    for (let i = 0; i < 300; i++) odd(8);
  }
  // Each is said, and passed over, so that the good one after them is reached.
  ring.consume(() => undefined);
  odd(8);
  odd(8);
  even(1);
  const next = (): Promise<unknown> => ring.records().next();
  await expect(next()).rejects.toEqual(short);
  await expect(next()).rejects.toEqual(short);
  expect(await next()).toMatchObject({ value: { sequence: BigInt(sequence - 1) } });
});
