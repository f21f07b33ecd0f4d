/**
 * Records of every length from producers that run at the same time, in threads of their own, while this one consumes
 * and collects garbage: nothing is lost that the BPF side did not count as dropped, and nothing comes twice.
 * LONG=1 (npm run test:long): a hundred times as many.
 */
import { PATTERN } from '../../support/events';
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';

const LONG = process.env['LONG'] !== undefined;
/** Records of each of the two producers. */
const COUNT = LONG ? 1_000_000 : 10_000;

const PRODUCER = `
const { workerData } = require('node:worker_threads');
const subskel = require(workerData.package);
const program = subskel.BpfProgram.fromFd(workerData.fd);
const consumed = new Int32Array(workerData.consumed);
const { producer, count, shortest, longest, discard, flags, paced } = workerData;
const call = (n) => {
  const context = new BigUint64Array([n, producer, shortest, longest, discard, flags].map(BigInt));
  program.testRun({ context: new Uint8Array(context.buffer) });
};
let made = 0;
while (made < count) {
  const n = Math.min(count - made, 1 + ((made * 7) % 16));
  call(n);
  made += n;
  // Not more than fits: the consumer says how far it is.
  while (paced && made - Atomics.load(consumed, producer) > 24) Atomics.wait(consumed, 2, 0, 0.05);
}
program.close();
`;

/** Calls `check(bytes)` for each record, in one of the ways. */
const WAYS: Readonly<Record<string, string>> = {
  'a listener': `
    const ring = new RingBuffer(load);
    ring.on('records', (batch) => { for (let i = 0; i < batch.length; i++) check(batch.at(i)); pause(); });`,
  'a listener, polling busily': `
    const ring = new RingBuffer(load, { busyPoll: true });
    ring.on('records', (batch) => { for (const bytes of batch) check(bytes); pause(); });`,
  'an iteration': `
    const ring = new RingBuffer(load);
    (async () => { for await (const bytes of ring) { check(bytes); if (total % 64 === 0) pause(); } })();`,
  'iterations, one after the other': `
    const ring = new RingBuffer(load);
    (async () => {
      while (!ring.closed) for await (const bytes of ring.records()) { check(bytes); if (total % 97 === 0) { pause(); break; } }
    })();`,
  'consume()': `
    const ring = new RingBuffer(load);
    (async () => { while (!ring.closed) { for (const bytes of ring.consume()) check(bytes); pause(); await turn(); } })();`,
  'readers, one after the other': `
    let ring = new RingBuffer(load);
    (async () => {
      while (!ended) {
        if (ring.closed) ring = new RingBuffer(load);
        const limit = total + 50;
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, 20);
          ring.on('records', (batch) => { batch.forEach(check); if (total > limit) { clearTimeout(timer); resolve(); } });
        });
        ring.close();
        pause();
      }
    })();`,
};

const SCRIPT = `
const { RingBuffer, BpfObject } = subskel;
const { Worker } = require('node:worker_threads');
const object = BpfObject.open(args.file);
object.load();
const load = object.map('load');
const pattern = Buffer.from(args.pattern, 'base64');
object.map('patterns').set(0, { bytes: new Uint8Array(pattern) });
const turn = (ms = 0) => new Promise((done) => setTimeout(done, ms));
const consumed = new Int32Array(new SharedArrayBuffer(12));
const next = [0, 0];
const lengths = new Uint8Array(4097);
const wrong = [];
let total = 0, tiny = 0, switches = 0, last = -1, calls = 0, ended = false;
const check = (bytes) => {
  total++;
  const { length } = bytes;
  lengths[length] = 1;
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, length);
  if (length < 16) {
    tiny++;
    if (record.compare(pattern, 0, length) !== 0) wrong.push(['tiny', length]);
    return;
  }
  const sequence = Number(record.readBigUInt64LE(0));
  const producer = record.readUInt32LE(8);
  if (record.readUInt32LE(12) !== length) wrong.push(['length', length, record.readUInt32LE(12)]);
  if (sequence !== next[producer]) wrong.push(['sequence', producer, sequence, next[producer]]);
  next[producer] = sequence + 1;
  const from = sequence & 4095;
  if (record.compare(pattern, from, from + length - 16, 16, length) !== 0) wrong.push(['bytes', producer, sequence]);
  if (producer !== last) switches++;
  last = producer;
};
const stats = () => object.section('.bss').variables.get('producers').read().slice(0, 2).map((p) => Object.fromEntries(Object.entries(p).map(([k, v]) => [k, Number(v)])));
// As a consumer that has other things to do; where the ring is to be full, it sleeps at times.
const pause = () => {
  calls++;
  if (calls % 16 === 0) gc();
  if (!args.paced && calls % 8 === 0) Atomics.wait(consumed, 2, 0, 3);
};
// How far the producers may go on: not from within a batch, whose records are in the ring until it is over.
const beat = setInterval(() => stats().forEach((p, i) => Atomics.store(consumed, i, p.attempts - (p.submitted - next[i]))), 1);
const workers = [0, 1].map((producer) => new Worker(args.worker, { eval: true, workerData: { ...args, producer, consumed: consumed.buffer, fd: object.program('produce').fd } }));
const exits = Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve))));
(async () => {
  await exits;
  // No further event: what is left has woken us up, or will not come.
  const whole = () => stats().every((p, i) => p.submitted === next[i]) && tiny === stats().reduce((sum, p) => sum + p.tiny, 0);
  for (let i = 0; i < 500 && !whole(); i++) await turn(10);
  ended = true;
  clearInterval(beat);
  const end = stats();
  object.close();
  await turn(30);
  console.log(JSON.stringify({
    wrong: wrong.slice(0, 5),
    missing: end.map((p, i) => p.submitted - next[i]),
    tiny: tiny - end[0].tiny - end[1].tiny,
    attempts: end.map((p) => p.attempts - p.submitted - p.tiny - p.discarded - p.dropped),
    dropped: end[0].dropped + end[1].dropped > 0,
    discarded: end[0].discarded + end[1].discarded > 0,
    made: end.map((p) => p.attempts),
    lengths: lengths.reduce((sum, each) => sum + each),
    together: switches > 20,
  }));
})();
`;

describe.each([
  ['as fast as the consumer', { paced: true, shortest: 0, longest: 4096, discard: 10 }],
  ['into a full ring', { paced: false, shortest: 0, longest: 4096, discard: 7 }],
])('two producers %s', (_, options) => {
  const ways = Object.entries(WAYS).filter((_each, i) => options.paced || i % 2 === 0);
  test.each(ways)(
    '%s',
    (_way, way) => {
      // What finds no room costs little.
      const count = options.paced ? COUNT : 20 * COUNT;
      const { stdout, stderr, status, signal } = runChild(
        SCRIPT.replace('const workers', `${way}\nconst workers`),
        {
          file: compileBpf('events_load'),
          package: require.resolve('../../../dist/index.js'),
          worker: PRODUCER,
          pattern: Buffer.from(PATTERN).toString('base64'),
          count,
          flags: 0,
          ...options,
        },
        ['--expose-gc'],
        [],
        LONG ? 600_000 : 60_000,
      );
      expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
      const seen = JSON.parse(stdout) as Record<string, unknown>;
      expect(seen).toEqual({
        wrong: [],
        missing: [0, 0],
        tiny: 0,
        attempts: [0, 0],
        dropped: !options.paced,
        discarded: true,
        made: [count, count],
        lengths: expect.any(Number),
        together: true,
      });
      // A full ring has room for short ones mostly.
      if (options.paced) expect(seen['lengths']).toBe(4097);
    },
    700_000,
  );
});
