/** How reading ends while records come: closes at random moments, workers in every state, a slow sink. */
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';
import { PATTERN } from '../../support/events';

const PACKAGE = require.resolve('../../../dist/index.js');

function run(script: string, args: Readonly<Record<string, unknown>> = {}): unknown {
  const { stdout, stderr, status, signal } = runChild(
    script,
    {
      package: PACKAGE,
      file: compileBpf('events_load'),
      events: compileBpf('events'),
      pattern: Buffer.from(PATTERN).toString('base64'),
      ...args,
    },
    ['--expose-gc'],
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

/** Producer 0 runs without end in a thread of its own, until `stop()`. */
const PRODUCING = `
const { RingBuffer, BpfObject } = subskel;
const { Worker } = require('node:worker_threads');
const object = BpfObject.open(args.file);
object.load();
object.map('patterns').set(0, { bytes: new Uint8Array(Buffer.from(args.pattern, 'base64')) });
const turn = (ms = 0) => new Promise((done) => setTimeout(done, ms));
const stopped = new Int32Array(new SharedArrayBuffer(4));
const PRODUCER = "const { workerData } = require('node:worker_threads'); const s = require(workerData.package); const p = s.BpfProgram.fromFd(workerData.fd); const stopped = new Int32Array(workerData.stopped);" +
  "const context = new Uint8Array(new BigUint64Array([7n, 0n, 16n, 80n, 9n, 0n]).buffer); while (Atomics.load(stopped, 0) === 0) { p.testRun({ context }); Atomics.wait(stopped, 0, 0, 0.05); } p.close();";
const producer = new Worker(PRODUCER, { eval: true, workerData: { package: args.package, fd: object.program('produce').fd, stopped: stopped.buffer } });
const stop = () => new Promise((resolve) => { producer.once('exit', resolve); Atomics.store(stopped, 0, 1); Atomics.notify(stopped, 0); });
const stats = () => object.section('.bss').variables.get('producers').read()[0];
const sequenceOf = (bytes) => Number(Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigUInt64LE(0));
`;

test('closed at random moments while records come: the next reader goes on where it was', () => {
  const seen = run(
    `${PRODUCING}
    let state = Number(args.seed);
    const random = (n) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0, (state >>> 8) % n);
    const wrong = [];
    let next = 0, total = 0;
    const check = (bytes) => { const n = sequenceOf(bytes); if (n !== next) wrong.push([next, n]); next = n + 1; total++; };
    const WAYS = [
      (ring) => ring.on('records', (batch) => { batch.forEach(check); if (random(20) === 0) ring.close(); }),
      async (ring) => { for await (const bytes of ring) { check(bytes); if (random(200) === 0) ring.close(); } },
      async (ring) => { for await (const bytes of ring) { check(bytes); if (random(100) === 0) break; } ring.close(); },
      async (ring) => { while (!ring.closed) { ring.consume().forEach(check); await turn(); } },
      // consume() in batches, closed in the middle: the batch was looked at, and counts.
      async (ring) => { while (!ring.closed) { ring.consume((batch) => { batch.forEach(check); if (random(30) === 0) ring.close(); }); await turn(); } },
    ];
    (async () => {
      const end = Date.now() + 2000;
      let rounds = 0;
      for (; Date.now() < end; rounds++) {
        const ring = new RingBuffer(object.map('load'), { busyPoll: random(4) === 0 });
        const using = WAYS[rounds % WAYS.length](ring);
        const close = () => ring.close();
        // In the middle of anything.
        [() => setTimeout(close, random(6)), () => setImmediate(close), () => process.nextTick(close), () => queueMicrotask(close), close, () => undefined][random(6)]();
        for (let i = 0; i < 20 && !ring.closed; i++) await turn(random(2));
        if (random(8) === 0) gc();
        ring.close();
        if (using instanceof Promise) await using;
      }
      await stop();
      const ring = new RingBuffer(object.map('load'));
      ring.consume().forEach(check);
      const { submitted } = stats();
      object.close();
      console.log(JSON.stringify([wrong.slice(0, 5), Number(submitted) - next, rounds > 50, total > 1000]));
    })().catch((error) => { console.error(error); process.exit(1); });`,
    { seed: Date.now() % 100_000 },
  );
  expect(seen).toEqual([[], 0, true, true]);
});

test('a worker that is terminated while it consumes: the next reader has whole records, and each once', () => {
  const seen = run(`${PRODUCING}
    const CONSUMER = "const { workerData, parentPort } = require('node:worker_threads'); const s = require(workerData.package); const ring = new s.RingBuffer(s.BpfMap.openShared(workerData.map), { busyPoll: workerData.i % 2 === 1 });" +
      "const seen = new Int32Array(workerData.seen); const use = (bytes) => { Atomics.store(seen, 0, Number(Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigUInt64LE(0))); };" +
      "if (workerData.i % 3 === 0) (async () => { for await (const bytes of ring) use(bytes); })(); else ring.on('records', (batch) => batch.forEach(use)); parentPort.postMessage('ready');";
    const map = object.map('load').share();
    const wrong = [];
    (async () => {
      let last = -1, taken = 0;
      for (let i = 0; i < 12; i++) {
        const seen = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
        const worker = new Worker(CONSUMER, { eval: true, workerData: { package: args.package, map, i, seen: seen.buffer } });
        await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
        await turn(i);
        await worker.terminate();
        if (seen[0] >= 0) taken++;
        const ring = new RingBuffer(object.map('load'));
        // What the worker had and could not give back comes again; nothing before that, and nothing is left out.
        let next;
        for (const bytes of ring.consume()) {
          const n = sequenceOf(bytes);
          if (next === undefined ? n <= last || (seen[0] >= 0 && n > seen[0] + 1) : n !== next) wrong.push([i, last, seen[0], next, n]);
          next = n + 1;
          if (Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE(12) !== bytes.length) wrong.push([i, 'length']);
        }
        if (next !== undefined) last = next - 1;
        ring.close();
      }
      await stop();
      object.close();
      console.log(JSON.stringify([wrong.slice(0, 5), taken > 5]));
    })().catch((error) => { console.error(error); process.exit(1); });`);
  expect(seen).toEqual([[], true]);
});

test('a worker ends in each state of its readers, in each way', () => {
  const states: Readonly<Record<string, string>> = {
    'made only': '',
    listening: "ring.on('records', () => {}); perf.on('records', () => {});",
    'referenced and not waiting': 'ring.ref(); perf.ref();',
    'an iteration that waits': 'ring.records().next(); perf.records().next();',
    'an iteration with records':
      'produce(); const it = ring.records(); it.next().then(() => { globalThis.it = it; });',
    'in a batch': "ring.on('records', () => end()); produce(); INSIDE",
    'in consume()': 'produce(); ring.consume(() => end()); INSIDE',
    'a view kept': 'produce(); ring.consume((batch) => { globalThis.kept = [batch, batch.at(0)]; });',
    'samples reserved': 'while (user.reserve(64) !== undefined);',
    'waiting for room': 'while (user.reserve(64) !== undefined); user.reserveBlocking(64).catch(() => {});',
    'waiting for a variable':
      "object.section('.bss').variables.get('sequence').waitUntil(() => false).catch(() => {});",
    'closed readers': 'ring.close(); perf.close(); user.close();',
    'closed object': "ring.on('records', () => {}); object.close();",
  };
  const seen = run(
    `
    const { Worker } = require('node:worker_threads');
    const HEAD = "const { workerData, parentPort } = require('node:worker_threads'); const s = require(workerData.package); const object = s.BpfObject.open(workerData.events); object.load();" +
      "const ring = new s.RingBuffer(object.map('ring'), { type: 'struct record' }); const perf = new s.PerfBuffer(object.map('perf')); const user = new s.UserRingBuffer(object.map('commands'));" +
      "const produce = () => object.program('produce').testRun({ context: new Uint8Array(new BigUint64Array([5n, 0n, 0n, 0n]).buffer) });";
    const ENDS = {
      terminate: "parentPort.postMessage('ready'); setInterval(() => {}, 1000);",
      'terminate at once': "parentPort.postMessage('ready'); for (;;);",
      exit: 'process.exit(3);',
      'exit later': 'setTimeout(() => process.exit(3), 2);',
      throw: "throw new Error('mine');",
    };
    const fds = () => require('node:fs').readdirSync('/proc/self/fd').length;
    const one = (state, end) => new Promise((resolve) => {
      const inside = state.includes('INSIDE');
      const text = HEAD + 'const end = () => { ' + end + ' };' + state.replace('INSIDE', '') + (inside ? '' : 'end();');
      const worker = new Worker(text, { eval: true, workerData: args });
      worker.on('error', (error) => { if (error.message !== 'mine') resolve(error.message); });
      worker.on('message', () => worker.terminate());
      worker.on('exit', (code) => resolve(code));
    });
    (async () => {
      const states = Object.entries(args.states);
      await one('', ENDS.exit);
      const before = fds();
      const odd = [];
      for (const [name, state] of states) {
        const codes = await Promise.all(Object.values(ENDS).map((end) => one(state, end)));
        if (JSON.stringify(codes) !== '[1,1,3,3,1]') odd.push([name, codes]);
      }
      for (let i = 0; i < 50 && fds() > before; i++) { gc(); await new Promise((done) => setTimeout(done, 20)); }
      console.log(JSON.stringify([odd, fds() - before]));
    })();`,
    { states },
  );
  expect(seen).toEqual([[], 0]);
}, 60_000);

test('NDJSON into a slow sink: memory stays bounded, nothing is lost but what the BPF side dropped', () => {
  const seen = run(`${PRODUCING}
    const { Writable } = require('node:stream');
    const { pipeline } = require('node:stream/promises');
    let given = 0, most = 0, slept = 0, full = 0;
    const lines = [];
    const ring = new RingBuffer(object.map('load'), { type: 'struct item', int64: 'number' });
    async function* ndjson(records) {
      for await (const record of records) {
        given++;
        yield JSON.stringify(subskel.toJSON(record)) + '\\n';
      }
    }
    const sink = new Writable({
      highWaterMark: 4096,
      write(chunk, _, done) {
        lines.push(...String(chunk).trim().split('\\n'));
        most = Math.max(most, given - lines.length);
        if (ring.state().available > 200 << 10) full++;
        if (lines.length % 10 === 0) { slept++; setTimeout(done, 2); } else done();
      },
    });
    (async () => {
      const piping = pipeline(ring.records(), ndjson, sink);
      for (let i = 0; i < 2000 && (full < 20 || stats().dropped === 0n); i++) await turn(2);
      const { dropped } = stats();
      await stop();
      // What is in the ring comes still.
      sink._write = (chunk, _, done) => { lines.push(...String(chunk).trim().split('\\n')); done(); };
      while (ring.state().available > 0) await turn(5);
      ring.close();
      await piping;
      const numbers = lines.map((line) => JSON.parse(line).sequence);
      const gaps = numbers.filter((n, i) => n !== i).length;
      const end = stats();
      object.close();
      console.log(JSON.stringify([gaps, Number(end.submitted) - numbers.length, Number(end.attempts - end.submitted - end.discarded - end.dropped), most < 100, slept > 10, dropped > 0n]));
    })().catch((error) => { console.error(error); process.exit(1); });`);
  expect(seen).toEqual([0, 0, 0, true, true, true]);
}, 60_000);

describe('whether perf buffers and user ring buffers keep the process alive', () => {
  const PRINTS =
    "process.on('exit', () => console.log('exit')); setTimeout(() => console.log('later'), 150).unref(); const stop = (f) => setTimeout(f, 200).unref();";
  const SETUP = `
    const object = subskel.BpfObject.open(args.events);
    object.load();
    const perf = new subskel.PerfBuffer(object.map('perf'));
    const user = new subskel.UserRingBuffer(object.map('commands'));
    const fill = () => { while (user.reserve(64) !== undefined); };
  `;
  test.each([
    ['nobody waits', '', 'exit\n'],
    ['a listener', "perf.on('records', () => {}); stop(() => perf.close());", 'later\nexit\n'],
    ['a listener, unref', "perf.on('records', () => {}).unref();", 'exit\n'],
    ['unref before the listener', "perf.unref().on('records', () => {});", 'exit\n'],
    ['an iteration that waits', 'perf.records().next(); stop(() => object.close());', 'later\nexit\n'],
    ['an iteration, unref', 'perf.records().next(); perf.unref();', 'exit\n'],
    ['ref', 'perf.ref(); stop(() => perf.close());', 'later\nexit\n'],
    ['ref and unref', 'perf.ref().unref();', 'exit\n'],
    ['samples that are reserved', 'fill();', 'exit\n'],
    [
      'who waits for room',
      'fill(); user.reserveBlocking(64).catch(() => {}); stop(() => user.close());',
      'later\nexit\n',
    ],
    [
      'whose wait is aborted',
      'fill(); const c = new AbortController(); user.reserveBlocking(64, { signal: c.signal }).catch(() => {}); c.abort();',
      'exit\n',
    ],
    [
      'who has got room',
      "const s = user.reserve(4000); user.reserveBlocking(2000).then((it) => it.discard()); s.discard(); setTimeout(() => object.program('drain').testRun({ context: new Uint8Array(32) }), 5);",
      'exit\n',
    ],
    ['whose ring is closed', 'fill(); user.reserveBlocking(64).catch(() => {}); user.close();', 'exit\n'],
  ])('%s', (_, script, expected) => {
    const { stdout, stderr, status, signal } = runChild(SETUP + PRINTS + script, {
      events: compileBpf('events'),
    });
    expect({ stdout, stderr, status, signal }).toEqual({
      stdout: expected,
      stderr: '',
      status: 0,
      signal: null,
    });
  });
});

test('a handle of a shared ring opened twice is one ring; after close() of what shared it, it is none', () => {
  const seen = run(`
    const object = subskel.BpfObject.open(args.events);
    object.load();
    const attempt = (action) => { try { return action(); } catch (error) { return error.code; } };
    const handle = object.map('ring').share();
    const produce = () => object.program('produce').testRun({ context: new Uint8Array(new BigUint64Array([2n, 0n, 0n, 0n]).buffer) });
    const [first, second] = [subskel.BpfMap.openShared(handle), subskel.BpfMap.openShared(structuredClone(handle))];
    const [a, b] = [first, second].map((map) => new subskel.RingBuffer(map, { type: 'struct record' }));
    produce();
    const seen = [a.consume().length, attempt(() => b.consume()), attempt(() => a.add(second))];
    first.close();
    produce();
    seen.push(a.closed, attempt(() => a.consume()), b.consume().length);
    object.close();
    seen.push(attempt(() => subskel.BpfMap.openShared(handle)), b.closed, b.consume().length, attempt(() => new subskel.RingBuffer(second).consume()));
    second.close();
    seen.push(b.closed, attempt(() => second.share()));
    console.log(JSON.stringify(seen));`);
  expect(seen).toEqual([
    2,
    'ERR_BUSY',
    'ERR_BUSY',
    true,
    'ERR_CLOSED',
    2,
    'ERR_CLOSED',
    false,
    0,
    'ERR_BUSY',
    true,
    'ERR_CLOSED',
  ]);
});
