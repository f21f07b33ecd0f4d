/**
 * Rounds of open, load, attach, read and close leave descriptors, maps, programs, links and memory as they were. A few
 * hundred here; `npm run test:leaks` makes ten thousand and prints what it measured (LIBBPF_SUBSKEL_LEAK_ROUNDS).
 */
import { runChild } from '../../support/child';
import { compileBpf } from '../../support/compile';

const ROUNDS = Number(process.env['LIBBPF_SUBSKEL_LEAK_ROUNDS'] ?? 300);
/** Before these, memory is still growing to what it needs: the allocators' arenas, V8's heap between collections. */
const WARM_UP = Math.floor(ROUNDS / 2);

const SCRIPT = `
const fs = require('node:fs');
const fds = () => fs.readdirSync('/proc/self/fd').length;
const rss = () => { for (let i = 0; i < 3; i++) gc(); return Number(/VmRSS:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]); };
const lines = () => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n');
// Of maps, rings and events; V8's own come and go.
const mappings = () => lines().filter((line) => /anon_inode/.test(line)).length;
const seen = { programs: new Set(), maps: new Set(), links: new Set() };

const ROUNDS = [
  // Everything by hand, and closed.
  (object) => {
    const program = object.program('on_raw_tp_by_section');
    const link = program.attach();
    const event = subskel.PerfEvent.open({ event: 'cpu_clock', pid: 0, period: 1_000_000 });
    const sampled = object.program('on_perf_event').attachPerfEvent(event);
    event.close();
    const iterator = object.program('iter_task').attachIter({ tid: process.pid });
    object.map('walked').set(1, 2n);
    if (iterator.iterate().text() !== process.pid + ' ' + process.pid + '\\n') throw new Error('iterator');
    const again = subskel.BpfLink.fromFd(link.fd);
    const same = subskel.BpfProgram.fromFd(program.fd);
    seen.links.add(link.info().id).add(sampled.info().id).add(again.info().id);
    seen.programs.add(same.info().id);
    for (const id of same.info().mapIds) seen.maps.add(id);
    same.close();
    again.close();
    link.close();
  },
  // Nothing is closed but the object.
  (object, i) => {
    seen.links.add(object.program('on_raw_tp_by_section').attach().info().id);
    const { context } = object.program('with_context').testRun({ context: { in: 4 } });
    if (context.out !== -8n) throw new Error('test run');
    // Taking a uprobe away makes the kernel wait for a tenth of a second.
    if (i % 100 === 1) object.program('on_uprobe').attachUprobe('/bin/true', { offset: 64, pid: 0, cookie: 5 });
  },
  // Errors on the way.
  (object) => {
    for (const wrong of [
      () => object.program('on_raw_tp_by_section').attachTcx(1),
      () => object.program('on_uprobe').attachKprobe('x'),
      () => object.program('on_uprobe').attachUprobe('/nowhere', { function: 'x' }),
      () => object.program('on_perf_event').attachPerfEvent(0),
      () => object.program('with_context').testRun({ context: new Uint8Array(99999) }),
      () => object.load(),
      () => subskel.BpfProgram.fromFd(0),
      () => subskel.PerfEvent.open({ event: { type: 99, config: 0n }, pid: 0 }),
    ]) {
      try { wrong(); } catch { continue; }
      throw new Error('no error: ' + wrong);
    }
  },
];
const LOADED = ['on_raw_tp_by_section', 'on_perf_event', 'on_uprobe', 'iter_task', 'with_context'];

function round(i) {
  const object = subskel.BpfObject.open(args.object);
  for (const program of object.programs.values()) program.autoload = LOADED.includes(program.name);
  object.section('.rodata').variables.get('target_pid').value = process.pid;
  object.program('with_context').setLogBuffer(4096);
  object.load();
  const hits = object.section('.bss').variables.get('hits');
  const before = hits.value;
  ROUNDS[i % ROUNDS.length](object, i);
  if (hits.value < before) throw new Error('hits');
  object.close();
}

(async () => {
  let i = 0;
  // As a program does: what waits for its turn (finalizers of mapped memory) gets one.
  const turn = () => i % 100 === 0 && new Promise(setImmediate);
  for (; i < args.warmUp; i++) { round(i); await turn(); }
  const before = { fds: fds(), mappings: mappings(), all: lines().length, rss: rss() };
  const start = Date.now();
  for (const set of Object.values(seen)) set.clear();
  for (; i < args.rounds; i++) {
    round(i);
    // Only the latest are looked for in the end: ids are not given twice.
    if (i % 500 === 250) for (const set of Object.values(seen)) set.clear();
    await turn();
  }
  const perRound = (Date.now() - start) / (args.rounds - args.warmUp);
  await new Promise((done) => setTimeout(done, 200));
  const alive = (ids, open) => [...ids].filter((id) => { try { open(id).close(); return true; } catch (error) { if (error.code !== 'ENOENT') throw error; return false; } });
  const after = { fds: fds(), mappings: mappings(), all: lines().length, rss: rss() };
  console.log(JSON.stringify({
    before, after, perRound,
    looked: [seen.programs.size, seen.maps.size, seen.links.size],
    alive: [alive(seen.programs, subskel.BpfProgram.fromId), alive(seen.links, subskel.BpfLink.fromId)],
    mapsAlive: fs.readdirSync('/proc/self/fdinfo').filter((fd) => { try { return /^map_id/m.test(fs.readFileSync('/proc/self/fdinfo/' + fd, 'utf8')); } catch { return false; } }),
  }));
})();
`;

test(`${ROUNDS} rounds leave nothing`, () => {
  const { stdout, stderr, status } = runChild(
    SCRIPT,
    { object: compileBpf('attach'), rounds: ROUNDS, warmUp: WARM_UP },
    ['--expose-gc'],
    [],
    3_600_000,
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const { before, after, perRound, looked, alive, mapsAlive } = JSON.parse(stdout);
  const slope = (1024 * (after.rss - before.rss)) / (ROUNDS - WARM_UP);
  if (ROUNDS > 1000) {
    console.log(
      `${ROUNDS} rounds, ${perRound.toFixed(2)} ms each: descriptors ${before.fds} → ${after.fds}, mappings ` +
        `${before.all} → ${after.all}, of maps and events ${before.mappings} → ${after.mappings}, resident ${before.rss} kB → ${after.rss} kB (${slope.toFixed(0)} bytes a round of the second half)`,
    );
  }
  expect(after.fds).toBe(before.fds);
  expect(after.mappings).toBe(before.mappings);
  expect(after.all - before.all).toBeLessThan(ROUNDS > 1000 ? 20 : 200);
  expect(Math.min(...looked)).toBeGreaterThan(0);
  expect({ alive, mapsAlive }).toEqual({ alive: [[], []], mapsAlive: [] });
  // A few hundred rounds are not enough for memory to have settled.
  expect(after.rss - before.rss).toBeLessThan((ROUNDS > 1000 ? 8 : 24) << 10);
}, 3_600_000);

const NO_TURN = `
const fs = require('node:fs');
const mappings = () => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => /bpf-map/.test(line)).length;
const fds = () => fs.readdirSync('/proc/self/fd').length;
const rss = () => Number(/VmRSS:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
const round = () => {
  const object = subskel.BpfObject.open(args.object);
  object.load();
  const sum = [...object.section('.data').variables.values()].length + object.section('.bss').variables.size;
  for (const name of ['.data', '.bss', '.rodata']) for (const variable of object.section(name)?.variables.values() ?? []) variable.read();
  object.map('points').set(1, { x: 1, y: 2, weight: 3n });
  object.close();
  return sum;
};
const array = (map) => {
  map.at(3).value = 7n;
  const found = map.get(3);
  map.close();
  if (found !== 7n) throw new Error('element');
};
for (let i = 0; i < 50; i++) round();
const before = { mappings: mappings(), fds: fds(), rss: rss() };
for (let i = 0; i < args.rounds; i++) {
  round();
  if (i % 10 === 0) array(subskel.BpfMap.create({ type: 'array', value: 'u64', maxEntries: 8, flags: 1 << 10 }));
}
console.log(JSON.stringify({ before, after: { mappings: mappings(), fds: fds(), rss: rss() } }));
`;

// Finalizers wait for the event loop, those of Node-API among them. What does not wait: mappings and descriptors.
test('a loop in which the event loop never turns keeps no mapping and no descriptor', () => {
  const rounds = ROUNDS > 1000 ? 100_000 : 1000;
  const flags = ['--max-old-space-size=64', '--max-semi-space-size=4'];
  const args = { object: compileBpf('objects'), rounds };
  const { stdout, stderr, status } = runChild(NO_TURN, args, flags, [], 3_600_000);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const { before, after } = JSON.parse(stdout);
  const growth = (1024 * (after.rss - before.rss)) / rounds;
  if (ROUNDS > 1000) console.log(`${rounds} rounds without a turn: ${growth.toFixed(0)} bytes a round wait`);
  expect([after.mappings, after.fds]).toEqual([before.mappings, before.fds]);
  // What waits: the wrappers of a round, of which there are about twenty, and the queue of their finalizers.
  expect(after.rss - before.rss).toBeLessThan(10 * rounds + (64 << 10));
}, 3_600_000);
