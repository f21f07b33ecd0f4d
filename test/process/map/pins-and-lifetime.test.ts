/** Maps in processes of their own: pins in a private BPF file system, and what is left after thousands of rounds. */
import path from 'node:path';
import { PRIVATE_MOUNTS, runChild } from '../../support/child';
import { compileBpf, ROOT } from '../../support/compile';

function run(script: string, flags: readonly string[] = [], wrapper: readonly string[] = []): unknown {
  const given = { file: compileBpf('objects'), package: path.join(ROOT, 'dist/index.js') };
  const { stdout, stderr, status, signal } = runChild(script, given, flags, wrapper);
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout) as unknown;
}

const PINS = `
require('node:child_process').execFileSync('mount', ['-t', 'bpf', 'bpf', '/sys/fs/bpf']);
const { BpfMap, BpfObject } = subskel;
const at = (name) => '/sys/fs/bpf/' + name;
const failed = (use) => { try { use(); return 'nothing'; } catch (error) { return error.code; } };
const create = (options = {}) =>
  BpfMap.create({ type: 'hash', name: 'numbers', key: 'u32', value: 'u64', maxEntries: 8, int64: 'number', ...options });
`;

test('pin, open, unpin', () => {
  const answer = run(
    `${PINS}
    const map = create().set(1, 5);
    map.pin(at('a'));
    const opened = BpfMap.openPinned(at('a'), { key: 'u32', value: 'u64', int64: 'number' });
    map.close();
    const forged = failed(() => BpfMap.openPinned(at('a'), { value: { kind: 'int', spelling: 'u64', size: '8' } }));
    const found = [opened.name, opened.get(1), opened.pinPath];
    const twice = failed(() => opened.pin(at('a')));
    const elsewhere = failed(() => opened.unpin('/tmp/nowhere'));
    opened.unpin();
    const gone = failed(() => BpfMap.openPinned(at('a')));
    const unpinned = [failed(() => opened.unpin()), failed(() => opened.pin()), opened.get(1)];
    opened.close();
    console.log(JSON.stringify({ forged, found, twice, elsewhere, gone, unpinned }));`,
    [],
    PRIVATE_MOUNTS,
  );
  expect(answer).toEqual({
    forged: 'ERR_DESCRIPTOR',
    found: ['numbers', 5, '/sys/fs/bpf/a'],
    twice: 'EEXIST',
    elsewhere: 'EINVAL',
    gone: 'ENOENT',
    unpinned: ['ERR_INVALID_ARG', 'ERR_INVALID_ARG', 5],
  });
});

test('what is pinned is a map, or refused', () => {
  const answer = run(
    `${PINS}
    const object = BpfObject.open(args.file);
    object.load();
    object.program('add').pin(at('program'));
    const program = failed(() => BpfMap.openPinned(at('program')));
    object.close();
    console.log(JSON.stringify(program));`,
    [],
    PRIVATE_MOUNTS,
  );
  expect(answer).toBe('ERR_INVALID_ARG');
});

test('an object reuses a pinned map, a BpfMap, and none of another kind', () => {
  const answer = run(
    `${PINS}
    const first = BpfObject.open(args.file);
    first.load();
    first.map('points').set(1, { x: 1, y: 2, weight: 3n });
    first.map('points').pin(at('points'));
    const second = BpfObject.open(args.file);
    const points = second.map('points');
    const other = create();
    const wrong = (() => { try { points.reuse(other); } catch (error) { return [error.code, error.message]; } })();
    points.reuse(at('points'));
    second.map('counters').reuse(first.map('counters'));
    const before = points.get(1);
    second.load();
    const after = points.get(1);
    first.map('counters').set(2, 7n);
    const counter = String(second.map('counters').get(2));
    first.close();
    const late = failed(() => points.reuse(other));
    points.unpin(at('points'));
    second.close();
    console.log(JSON.stringify({ wrong, before: before.x, after: after.y, counter, late }));`,
    [],
    PRIVATE_MOUNTS,
  );
  expect(answer).toEqual({
    wrong: [
      'ERR_INVALID_ARG',
      "map 'points': the map to reuse is of another kind: it has value size 8 instead of 16",
    ],
    before: 1,
    after: 2,
    counter: '7',
    late: 'ERR_ALREADY_LOADED',
  });
});

const COUNTS = `
const fs = require('node:fs');
const { BpfMap, BpfObject } = subskel;
const fds = () => fs.readdirSync('/proc/self/fd').filter((fd) => {
  try { return /bpf/.test(fs.readlinkSync('/proc/self/fd/' + fd)); } catch { return false; }
}).length;
const mappings = () => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => /bpf-map/.test(line)).length;
const turn = () => new Promise((done) => setTimeout(done, 5));
const until = async (condition) => {
  for (let i = 0; i < 400 && !condition(); i++) { gc(); await turn(); }
  return condition();
};
const create = () =>
  BpfMap.create({ type: 'array', name: 'leak', key: 'u32', value: 'u64', maxEntries: 16, flags: 1 << 10 });
const use = (map) => {
  map.set(1, 5n).setMany([[2, 6n]]);
  map.at(3).value = 7n;
  return [...map.entries()].length + map.asArray().value.length;
};
`;

test('two thousand maps made, used and closed leave nothing', () => {
  const answer = run(
    `${COUNTS}
    (async () => {
      const round = async () => {
        for (let i = 0; i < 500; i++) { const map = create(); use(map); map.close(); }
        await until(() => mappings() === 0);
        return process.memoryUsage().rss;
      };
      await round();
      const before = await round();
      await round();
      const after = await round();
      console.log(JSON.stringify([fds(), mappings(), (after - before) < 30e6]));
    })();`,
    ['--expose-gc'],
  );
  expect(answer).toEqual([0, 0, true]);
});

test('what is dropped without close() goes with the garbage collector', () => {
  const answer = run(
    `${COUNTS}
    (async () => {
      (() => { for (let i = 0; i < 50; i++) use(create()); })();
      const open = fds();
      const gone = await until(() => fds() === 0 && mappings() === 0);
      console.log(JSON.stringify([open > 0, gone]));
    })();`,
    ['--expose-gc'],
  );
  expect(answer).toEqual([true, true]);
});

test('a walk keeps the map of an object that nobody else keeps', () => {
  const answer = run(
    `${COUNTS}
    (async () => {
      let walk = (() => {
        const object = BpfObject.open(args.file);
        object.load();
        object.map('points').setMany([1, 2, 3, 4].map((x) => [x, { x, y: 0, weight: 0n }]));
        return object.map('points').entries({ size: 1 });
      })();
      const found = [walk.next().value[1].x];
      for (let i = 0; i < 10; i++) { gc(); await turn(); }
      for (const [, { x }] of walk) found.push(x);
      walk = undefined;
      console.log(JSON.stringify([found.sort(), await until(() => fds() === 0)]));
    })();`,
    ['--expose-gc'],
  );
  expect(answer).toEqual([[1, 2, 3, 4], true]);
});

test('the process and its workers may end with maps open', () => {
  const answer = run(
    `${COUNTS}
    const { Worker } = require('node:worker_threads');
    const body = \`
      const { BpfMap } = require(process.env.PACKAGE);
      const map = BpfMap.create({ type: 'array', key: 'u32', value: 'u64', maxEntries: 16, flags: 1 << 10 });
      map.at(1).value = 5n;
      globalThis.kept = [map, map.entries(), map.at(1)];
      kept[1].next();\`;
    const map = create();
    use(map);
    globalThis.kept = [map, map.entries(), map.at(1)];
    const before = fds();
    const worker = new Worker(body, { eval: true, env: { ...process.env, PACKAGE: args.package } });
    worker.on('exit', () => console.log(JSON.stringify([before, fds()])));`,
  );
  // The map's descriptor, and the one that its `fd` gives out.
  expect(answer).toEqual([2, 2]);
});
