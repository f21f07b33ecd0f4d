/** Readers of records and how processes and workers end under them. */
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';

const PACKAGE = require.resolve('../../../dist/index.js');
const SETUP = `
const { RingBuffer, PerfBuffer, UserRingBuffer, BpfObject } = subskel;
const object = BpfObject.open(args.file);
object.load();
const produce = (count, flags = 0) => {
  const context = new Uint8Array(new BigUint64Array([BigInt(count), BigInt(flags), 0n, 0n]).buffer);
  object.program('produce').testRun({ context });
};
const ring = (options) => new RingBuffer(object.map('ring'), { type: 'struct record', int64: 'number', ...options });
const turn = (ms = 0) => new Promise((done) => setTimeout(done, ms));
`;

function run(script: string, flags: readonly string[] = []): { stdout: string; status: number | null } {
  const { stdout, stderr, status, signal } = runChild(
    SETUP + script,
    { file: compileBpf('events'), package: PACKAGE },
    flags,
  );
  expect({ signal, stderr }).toEqual({ signal: null, stderr: '' });
  return { stdout, status };
}

describe('whether a reader keeps the process alive', () => {
  const PRINTS =
    "process.on('exit', () => console.log('exit')); setTimeout(() => console.log('later'), 150).unref();";
  test.each([
    ['nobody waits', 'ring();', 'exit\n'],
    [
      'a listener',
      "const r = ring(); r.on('records', () => {}); setTimeout(() => r.close(), 200).unref();",
      'later\nexit\n',
    ],
    ['a listener, unref', "ring().on('records', () => {}).unref();", 'exit\n'],
    ['unref before the listener', "ring().unref().on('records', () => {});", 'exit\n'],
    [
      'an iteration that waits',
      'const r = ring(); r.records().next(); setTimeout(() => r.close(), 200).unref();',
      'later\nexit\n',
    ],
    ['an iteration, unref', 'const r = ring(); r.unref(); r.records().next();', 'exit\n'],
    ['ref', 'const r = ring().ref(); setTimeout(() => r.close(), 200).unref();', 'later\nexit\n'],
    ['ref and unref', 'ring().ref().unref();', 'exit\n'],
    ['a listener taken away', "const f = () => {}; ring().on('records', f).off('records', f);", 'exit\n'],
    ['after break', '(async () => { produce(2); for await (const x of ring()) break; })();', 'exit\n'],
    ['busy polling, unref', "ring({ busyPoll: true }).on('records', () => {}).unref();", 'exit\n'],
    ['records that nobody takes', 'const r = ring(); r.records().next(); produce(5); ', 'exit\n'],
  ])('%s', (_, script, expected) => {
    expect(run(PRINTS + script).stdout).toBe(expected);
  });
});

test('a listener that throws: an uncaught exception, and the next batch comes all the same', () => {
  const { stdout } = run(`
    const r = ring();
    const seen = [];
    process.on('uncaughtException', (error) => seen.push(error.message));
    r.on('records', (batch) => { seen.push(batch.length); if (seen.length === 1) throw new Error('mine'); });
    produce(3);
    setTimeout(() => produce(2), 20);
    setTimeout(() => { r.close(); console.log(JSON.stringify([seen, r.closed])); }, 60);`);
  expect(JSON.parse(stdout)).toEqual([[3, 'mine', 2], true]);
});

test('whatever a listener throws, the reader stays open: also what another reader, or this one, refused it', () => {
  const { stdout } = run(`
    const r = ring();
    const other = ring();
    const seen = [];
    process.on('uncaughtException', (error) => seen.push(error.code));
    r.on('records', (batch) => { seen.push(batch.length); if (seen.length === 1) r.consume(); if (seen.length === 3) other.consume(); });
    produce(3);
    setTimeout(() => produce(2), 20);
    setTimeout(() => produce(1), 40);
    setTimeout(() => { console.log(JSON.stringify([seen, r.closed])); r.close(); }, 80);`);
  expect(JSON.parse(stdout)).toEqual([[3, 'ERR_BUSY', 2, 'ERR_BUSY', 1], false]);
});

test('where somebody else reads the ring, too, the reader says it once, and closes', () => {
  const { stdout } = run(`
    const { spawnSync } = require('node:child_process');
    const r = ring();
    const seen = [];
    process.on('uncaughtException', (error) => seen.push(error.code, r.closed));
    r.on('records', (batch) => {
      seen.push(batch.length);
      // Another process, whose readers this one does not know of.
      const script = "const s = require(process.argv[1]); const m = s.BpfMap.fromId(Number(process.argv[2])); const ring = new s.RingBuffer(m); console.log(ring.consume().length);";
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, args.package, String(object.map('ring').info().id)], { encoding: 'utf8' });
      seen.push(stdout.trim(), stderr);
    });
    produce(3);
    setTimeout(() => console.log(JSON.stringify(seen)), 300);`);
  expect(JSON.parse(stdout)).toEqual([3, '3', '', 'ERR_BUSY', true]);
});

test('without a handler it ends the process', () => {
  const { stderr, status } = runChild(
    `${SETUP} ring().on('records', () => { throw new Error('mine'); }); produce(1);`,
    { file: compileBpf('events') },
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/Error: mine/);
});

test('everything dropped is collected: descriptors and mappings go', () => {
  const { stdout } = run(
    `
    const fs = require('node:fs');
    const state = () => [fs.readdirSync('/proc/self/fd').length, fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((l) => /bpf-map|perf_event/.test(l)).length];
    const use = async (close) => {
      const o = BpfObject.open(args.file);
      o.load();
      const r = new RingBuffer(o.map('ring'), { type: 'struct record' });
      const p = new PerfBuffer(o.map('perf'));
      const u = new UserRingBuffer(o.map('commands'));
      r.consume(); p.consume(); u.reserve(8);
      r.on('records', () => {}).unref();
      await turn(1);
      if (close) o.close(); else r.off('records', () => {});
      if (!close) r.close();
    };
    (async () => {
      await use(true); gc(); await turn(20);
      const before = state();
      for (let i = 0; i < 20; i++) await use(i % 2 === 0);
      for (let i = 0; i < 100 && JSON.stringify(state()) !== JSON.stringify(before); i++) { gc(); await turn(20); }
      console.log(JSON.stringify([before, state()]));
    })();`,
    ['--expose-gc'],
  );
  const [before, after] = JSON.parse(stdout) as [unknown, unknown];
  expect(after).toEqual(before);
});

test('a sample that is forgotten does not hold up the others for ever', () => {
  const { stdout } = run(
    `
    const u = new UserRingBuffer(object.map('commands'), { type: 'struct command' });
    const drain = () => object.program('drain').testRun({ context: new Uint8Array(32) }).retval;
    (() => { u.reserve(); })();
    u.submit({ id: 1, amount: 1n });
    (async () => {
      const seen = [drain()];
      for (let i = 0; i < 100 && seen.length < 2; i++) { gc(); await turn(10); if (drain() === 1) seen.push('drained'); }
      // And nothing is discarded twice, nor in a ring that was closed.
      (() => { u.reserve().discard(); u.reserve().write({ id: 1 }).submit(); u.reserve(); })();
      u.close();
      const second = new UserRingBuffer(object.map('commands'));
      for (let i = 0; i < 10; i++) { gc(); await turn(5); }
      second.submit(new Uint8Array(16));
      console.log(JSON.stringify([...seen, drain()]));
    })();`,
    ['--expose-gc'],
  );
  expect(JSON.parse(stdout)).toEqual([0, 'drained', 2]);
});

test('close at every moment, with collections in between', () => {
  const { stdout } = run(
    `
    const random = (() => { let x = 12345; return (n) => (x = (Math.imul(x, 1103515245) + 12345) >>> 0) % n; })();
    (async () => {
      let batches = 0, records = 0;
      for (let round = 0; round < 300; round++) {
        const r = ring({ busyPoll: round % 5 === 0 });
        const kept = [];
        const end = random(8);
        const close = () => { r.close(); if (random(3) === 0) gc(); };
        if (round % 2 === 0) {
          r.on('records', (batch) => {
            batches++;
            let i = 0;
            for (const view of batch) { records++; kept.push(view); view.pid; if (i++ === end) close(); if (r.closed) break; }
          });
        } else {
          (async () => { try { for await (const x of r.records()) { records++; if (random(40) === end) break; if (random(50) === 0) close(); } } catch (e) { if (e.code !== 'ERR_CLOSED') throw e; } })();
        }
        produce(random(200));
        if (random(2)) await turn(random(3));
        if (random(2)) setImmediate(close);
        produce(random(50), random(3));
        if (random(2)) await null;
        close();
        for (const view of kept) { try { view.sequence; throw new Error('alive'); } catch (e) { if (e.code !== 'ERR_CLOSED') throw e; } }
        if (round % 10 === 0) { gc(); await turn(1); }
      }
      console.log(batches > 10 && records > 100);
    })();`,
    ['--expose-gc'],
  );
  expect(stdout).toBe('true\n');
});

test('nothing lost and nothing twice, with collections under load and producers on two CPUs', () => {
  const { stdout } = run(
    `
    const cpus = require('node:os').availableParallelism() > 1 ? 2 : 1;
    const { Worker } = require('node:worker_threads');
    const r = ring();
    const seen = new Set();
    let twice = 0;
    r.on('records', (batch) => {
      for (const view of batch) { if (seen.has(view.sequence)) twice++; seen.add(view.sequence); }
      if (seen.size % 7 === 0) gc();
    });
    (async () => {
      for (let i = 0; i < 200; i++) {
        for (let cpu = 0; cpu < cpus; cpu++) {
          object.program('produce_on_cpu').testRun({ context: new Uint8Array(new BigUint64Array([100n]).buffer), cpu, flags: 1 });
        }
        await turn();
      }
      await turn(50);
      r.close();
      const dropped = Number(object.section('.bss').variables.get('dropped').value);
      console.log(JSON.stringify([seen.size + dropped === 200 * 100 * cpus, twice]));
    })();`,
    ['--expose-gc'],
  );
  expect(JSON.parse(stdout)).toEqual([true, 0]);
});

test('workers end under load in every way', () => {
  const { stdout } = run(`
    const { Worker } = require('node:worker_threads');
    const body = (end) => \`
      const { workerData, parentPort } = require('node:worker_threads');
      const subskel = require(workerData.package);
      const args = workerData;
      ${SETUP.replaceAll('`', '\\`').replaceAll('$', '\\$')}
      const r = ring({ busyPoll: workerData.busy });
      r.on('records', (batch) => { for (const view of batch) view.pid; \${end.startsWith('INSIDE') ? end.slice(6) : ''} });
      new PerfBuffer(object.map('perf')).on('records', () => {});
      const commands = new UserRingBuffer(object.map('commands'));
      while (commands.reserve(64) !== undefined);
      commands.reserveBlocking(64).catch(() => {});
      setInterval(() => produce(100), 1);
      parentPort.postMessage('ready');
      \${end.startsWith('INSIDE') ? '' : end}\`;
    const ends = ['TERMINATE', 'setTimeout(() => process.exit(0), 20);', 'setTimeout(() => { throw new Error("x"); }, 20);', 'INSIDEprocess.exit(0);', 'INSIDEobject.close(); process.exit(0)', 'TERMINATE'];
    const run = (end, i) => new Promise((resolve) => {
      const script = body(end === 'TERMINATE' ? '' : end);
      const worker = new Worker(script, { eval: true, workerData: { file: args.file, package: args.package, busy: i % 2 === 1 } });
      worker.on('error', () => {});
      worker.on('message', () => { if (end === 'TERMINATE') setTimeout(() => worker.terminate(), 10 + i); });
      worker.on('exit', resolve);
    });
    (async () => {
      for (let round = 0; round < 3; round++) await Promise.all(ends.map(run));
      console.log('ended');
    })();`);
  expect(stdout).toBe('ended\n');
});

test('a map has one reader and one producer in all threads; those of a worker that ends have them no more', () => {
  const { stdout } = run(`
    const { Worker } = require('node:worker_threads');
    const script = "const { workerData, parentPort } = require('node:worker_threads'); const s = require(workerData.package); const map = (name) => s.BpfMap.openShared(workerData[name]);" +
      "globalThis.held = [new s.RingBuffer(map('ring')), new s.PerfBuffer(map('perf')), new s.UserRingBuffer(map('commands'))]; held[0].consume();" +
      "parentPort.on('message', () => {}); parentPort.postMessage('ready');";
    const shared = Object.fromEntries(['ring', 'perf', 'commands'].map((name) => [name, object.map(name).share()]));
    const attempt = (action) => { try { return action(); } catch (error) { return error.code; } };
    const use = () => [
      attempt(() => { const r = ring(); try { return r.consume().length; } finally { r.close(); } }),
      attempt(() => { const p = new PerfBuffer(object.map('perf')); p.close(); return 'ok'; }),
      attempt(() => { const u = new UserRingBuffer(object.map('commands')); u.close(); return 'ok'; }),
    ];
    (async () => {
      const worker = new Worker(script, { eval: true, workerData: { package: args.package, ...shared } });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      const seen = [use()];
      await worker.terminate();
      seen.push(use());
      object.close();
      console.log(JSON.stringify(seen));
    })();`);
  expect(JSON.parse(stdout)).toEqual([
    ['ERR_BUSY', 'ERR_BUSY', 'ERR_BUSY'],
    [0, 'ok', 'ok'],
  ]);
});

test('any number of those who wait share a signal, and one listener of it', () => {
  const { stdout } = run(`
    const { getEventListeners } = require('node:events');
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = () => getEventListeners(signal, 'abort').length;
    const u = new UserRingBuffer(object.map('commands'));
    while (u.reserve(256) !== undefined);
    const sequence = object.section('.bss').variables.get('sequence');
    const waits = [ring().records(undefined, { signal }).next()];
    for (let i = 0; i < 15; i++) {
      waits.push(sequence.waitUntil(() => false, { signal, interval: 1e6 }), sequence.changes({ signal, interval: 1e6 }).next(), u.reserveBlocking(512, { signal }));
    }
    const over = new AbortController();
    const early = sequence.waitUntil(() => false, { signal: over.signal });
    (async () => {
      const seen = [waits.length];
      await turn(5);
      seen.push(listeners());
      over.abort();
      await early.catch(() => undefined);
      controller.abort(new Error('enough'));
      const settled = await Promise.allSettled(waits);
      seen.push(settled.filter(({ reason }) => reason?.message === 'enough').length, listeners(), getEventListeners(over.signal, 'abort').length);
      // One that ends otherwise hears no more, and leaves no listener.
      const later = new AbortController();
      await sequence.waitUntil((n) => (produce(1), n > 0), { signal: later.signal, interval: 1 });
      seen.push(getEventListeners(later.signal, 'abort').length);
      object.close();
      console.log(JSON.stringify(seen));
    })();`);
  expect(JSON.parse(stdout)).toEqual([46, 1, 46, 0, 0, 0]);
});
