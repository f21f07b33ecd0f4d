/** Sections shared with worker threads: the same memory, whatever closes or ends first. */
import { arenaObject } from '../../support/arena';
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';

/** Answers each message with what it sees. `say` posts, `section` is what was shared. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const subskel = require(workerData.package);
const section = subskel.SharedSection.open(workerData.handle);
const v = (name) => section.variables.get(name);
const seen = () => [v('counter').value, v('counter32').value, v('in_struct').value.small, v('in_struct').value.large, v('in_array').value[1]].map(String);
parentPort.on('message', async (message) => {
  try { parentPort.postMessage(await eval(message)); } catch (error) { parentPort.postMessage(error.code); }
});
`;

const HELPERS = `
const { Worker } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
const lines = () => readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => /bpf-map/.test(line)).length;
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));
const object = subskel.BpfObject.open(args.file);
const counter = object.section('.bss').variables.get('counter');
const run = (repeat = 1) => object.program('count').testRun({ data: new Uint8Array(64), repeat });
const start = () => new Worker(args.worker, { eval: true, workerData: { package: args.package, handle: object.section('.bss').share() } });
const ask = (worker, text) => new Promise((resolve, reject) => {
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.postMessage(text);
});
const tell = (value) => console.log(JSON.stringify(value));
`;

function run(body: string, file = compileBpf('atomics')): unknown {
  const { stdout, stderr, status, signal } = runChild(
    `${HELPERS}(async () => {${body}})();`,
    { file, worker: WORKER, package: require.resolve('../../../dist/index.js') },
    ['--expose-gc'],
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

test('three workers read live variables at once, and write them atomically', () => {
  const body = `
    object.load();
    const workers = [start(), start(), start()];
    const answers = [];
    const all = (text) => Promise.all(workers.map((worker) => ask(worker, text)));
    for (let i = 0; i < 3; i++) {
      run(10);
      answers.push(await all('seen()'));
    }
    const adding = all('for (let i = 0; i < 100000; i++) v("counter").atomic.add(1n)');
    for (let i = 0; i < 10; i++) { run(1000); await turn(); }
    await adding;
    const waited = all('v("done").waitUntil((n) => n === 1, { interval: 1 })');
    object.program('finish').testRun({ data: new Uint8Array(64) });
    answers.push(await waited, String(counter.value));
    for (const worker of workers) await worker.terminate();
    object.close();
    tell(answers);`;
  const rounds = [10, 20, 30].map((n) => new Array(3).fill(new Array(5).fill(String(n))));
  expect(run(body)).toEqual([...rounds, [1, 1, 1], String(30 + 10_000 + 300_000)]);
});

test('the worker keeps the memory when the object is closed; whoever comes later finds nothing', () => {
  const body = `
    object.load();
    const handle = object.section('.bss').share();
    const worker = start();
    run(7);
    const before = await ask(worker, 'seen()');
    object.close();
    const after = await ask(worker, 'v("counter").value += 1n; seen()');
    const late = [];
    try { subskel.SharedSection.open(handle); } catch (error) { late.push(error.code, error.message); }
    const closed = await ask(worker, 'section.close(); section.close(); v("counter")');
    worker.terminate();
    tell([before[0], after[0], late, closed]);`;
  expect(run(body)).toEqual([
    '7',
    '8',
    ['ERR_CLOSED', "open shared section '.bss': object 'atomics' was closed, or is another process's"],
    'ERR_CLOSED',
  ]);
});

test('in the same thread: what is closed is closed there alone', () => {
  const body = `
    object.load();
    const shared = subskel.SharedSection.open(structuredClone(object.section('.bss').share()));
    const array = shared.variables.get('in_array').value;
    run();
    const seen = [shared.name, shared.size === object.section('.bss').size, shared.readonly, [...shared].length, String(array[1])];
    shared.close();
    let code;
    try { shared.variables; } catch (error) { code = error.code; }
    tell([...seen, array.length, code, String(counter.value)]);
    object.close();`;
  expect(run(body)).toEqual(['.bss', true, false, 5, '1', 0, 'ERR_CLOSED', '1']);
});

test('workers that are terminated, or that drop everything, leave no mapping', () => {
  const body = `
    object.load();
    const before = lines();
    for (let i = 0; i < 20; i++) {
      const worker = start();
      const text = i % 2 ? 'seen()' : 'globalThis.kept = v("in_array").value; setInterval(() => {}, 1); seen()';
      await ask(worker, text);
      await worker.terminate();
    }
    (() => { for (let i = 0; i < 20; i++) subskel.SharedSection.open(object.section('.bss').share()).variables; })();
    for (let i = 0; i < 200 && lines() > before; i++) { gc(); await turn(); }
    tell(lines() - before);
    object.close();`;
  expect(run(body)).toBe(0);
});

test('handles that are no handles, and sections that cannot be shared', () => {
  const body = `
    const codes = [];
    const attempt = (action) => { try { action(); codes.push('ok'); } catch (error) { codes.push(error.code); } };
    attempt(() => object.section('.bss').share());
    object.load();
    const handle = object.section('.bss').share();
    for (const wrong of [undefined, null, {}, 'x', { ...handle, kind: 'map' }, { ...handle, token: 1 }, { ...handle, size: 0 }, { ...handle, btf: [] }]) {
      attempt(() => subskel.SharedSection.open(wrong));
    }
    attempt(() => subskel.SharedSection.open({ ...handle, token: '0' }));
    attempt(() => subskel.SharedSection.open({ ...handle, size: 1 << 20 }));
    attempt(() => subskel.SharedSection.open({ ...handle, btf: new Uint8Array(5) }));
    object.close();
    attempt(() => object.section('.bss').share());
    tell(codes);`;
  expect(run(body)).toEqual([
    'ERR_NOT_LOADED',
    ...new Array(8).fill('ERR_INVALID_ARG'),
    'ERR_CLOSED',
    'EINVAL',
    'ERR_BTF',
    'ERR_CLOSED',
  ]);
});

test('an arena can be mapped only once', () => {
  const body = `
    object.load();
    let code;
    try { object.section('.addr_space.1').share(); } catch (error) { code = error.code; }
    object.close();
    tell(code);`;
  const { stdout } = runChild(
    `const tell = (value) => console.log(JSON.stringify(value)); const object = subskel.BpfObject.open(args.file); ${body}`,
    { file: arenaObject() },
  );
  expect(JSON.parse(stdout)).toBe('ERR_UNSUPPORTED');
});
