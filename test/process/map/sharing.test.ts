/** Maps shared with worker threads: typed there too, ring buffers included. */
import { compileBpfSource } from '../../support/compile';
import { runChild } from '../../support/child';

const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct point { __u32 x; __u64 weight; };
struct event { __u32 number; __u64 square; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, struct point); __uint(max_entries, 16); } points SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
__u32 next;
const struct event *keep_event;
SEC("syscall") int produce(void *ctx) {
  struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
  if (!event) return 1;
  event->number = next;
  event->square = (__u64)next * next;
  next++;
  bpf_ringbuf_submit(event, 0);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const subskel = require(workerData.package);
const map = subskel.BpfMap.openShared(workerData.handle);
parentPort.on('message', async (message) => {
  try { parentPort.postMessage(await eval('(async () => (' + message + '))()')); } catch (error) { parentPort.postMessage(error.code); }
});
`;

function run(body: string): unknown {
  const { stdout, stderr, status, signal } = runChild(
    `
    const { Worker } = require('node:worker_threads');
    const object = subskel.BpfObject.open(args.file);
    const start = (handle) => new Worker(args.worker, { eval: true, workerData: { package: args.package, handle } });
    const ask = (worker, text) => new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage(text);
    });
    const attempt = (action) => { try { action(); return 'ok'; } catch (error) { return error.code; } };
    const tell = (value) => console.log(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)));
    (async () => {${body}})();`,
    {
      file: compileBpfSource(SOURCE, 'sharing_maps'),
      worker: WORKER,
      package: require.resolve('../../../dist/index.js'),
    },
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

test('typed, live, and it outlives the object that shared it', () => {
  const body = `
    object.load();
    const points = object.map('points');
    points.set(1, { x: 5, weight: 6n });
    const worker = start(points.share());
    const answers = [await ask(worker, '[map.type, map.name, map.get(1)]')];
    answers.push(await ask(worker, 'map.set(2, { x: 7, weight: 8 }).has(2)'), points.get(2));
    const numbers = start(points.withInt64('number').share());
    answers.push(await ask(numbers, 'map.get(2).weight'));
    const handle = points.share();
    object.close();
    answers.push(await ask(worker, '[...map.keys()].sort()'), attempt(() => subskel.BpfMap.openShared(handle)));
    answers.push(await ask(worker, '(map.close(), map.close(), map.get(1))'));
    tell(answers);
    for (const each of [worker, numbers]) each.terminate();`;
  expect(run(body)).toEqual([
    ['hash', 'points', { x: 5, weight: '6' }],
    true,
    { x: 7, weight: '8' },
    8,
    [1, 2],
    'ERR_CLOSED',
    'ERR_CLOSED',
  ]);
});

test('a ring buffer is read by a worker, by the names of its object’s types', () => {
  const body = `
    object.load();
    const worker = start(object.map('events').share());
    const reading = ask(worker, \`(async () => {
      const seen = [];
      for await (const { number, square } of map.records('struct event')) {
        seen.push([number, square]);
        if (seen.length === 5) break;
      }
      return seen;
    })()\`);
    for (let i = 0; i < 5; i++) object.program('produce').testRun();
    tell(await reading);
    await worker.terminate();
    object.close();`;
  expect(run(body)).toEqual([0, 1, 2, 3, 4].map((n) => [n, String(n * n)]));
});

test('maps of no object, and handles that are none', () => {
  const body = `
    const map = subskel.BpfMap.create({ type: 'array', value: 'u32', maxEntries: 2 });
    const handle = structuredClone(map.share());
    const shared = subskel.BpfMap.openShared(handle);
    shared.set(1, 42);
    const answers = [map.get(1), shared.closed];
    map.close();
    answers.push(shared.get(1));
    shared.close();
    for (const wrong of [undefined, {}, handle, { ...handle, kind: 'section' }, { ...handle, token: 5 }]) {
      answers.push(attempt(() => subskel.BpfMap.openShared(wrong)));
    }
    answers.push(attempt(() => object.map('points').share()), attempt(() => map.share()));
    object.close();
    tell(answers);`;
  expect(run(body)).toEqual([
    42,
    false,
    42,
    'ERR_INVALID_ARG',
    'ERR_INVALID_ARG',
    'ERR_CLOSED',
    'ERR_INVALID_ARG',
    'ERR_INVALID_ARG',
    'ERR_NOT_LOADED',
    'ERR_CLOSED',
  ]);
});
