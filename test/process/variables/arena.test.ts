/** An object with an arena, whose memory is libbpf's own mapping: however it ends, it ends cleanly. */
import { runChild } from '../../support/child';
import { arenaObject } from '../../support/arena';

const HELPERS = `
const fs = require('node:fs');
/** Of the arena, and libbpf's own of .bss. */
const lines = () => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => /bpf-map/.test(line)).length;
const fds = () => fs.readdirSync('/proc/self/fd').filter((fd) => {
  try { return /bpf/.test(fs.readlinkSync('/proc/self/fd/' + fd)); } catch { return false; }
}).length;
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));
const until = async (condition) => {
  for (let i = 0; i < 200 && !condition(); i++) { gc(); await turn(); }
  return condition();
};
const open = () => {
  const object = subskel.BpfObject.open(args.file);
  object.section('.addr_space.1').variables;
  object.load();
  const { requests, table } = Object.fromEntries(object.section('.addr_space.1').variables);
  object.program('run').testRun();
  return { object, requests, table };
};
const tell = (value) => console.log(JSON.stringify(value));
`;

function run(body: string): unknown {
  const { stdout, stderr, status, signal } = runChild(
    `${HELPERS}(async () => {${body}})();`,
    { file: arenaObject(), package: require.resolve('../../../dist/index.js') },
    ['--expose-gc'],
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

test.each([
  ['falling off the end', ''],
  ['process.exit', 'process.exit(0);'],
  ['close() in an exit handler', 'process.on("exit", () => object.close());'],
  [
    'use after close in an exit handler',
    'process.on("exit", () => { object.close(); try { requests.value; process.exitCode = 1; } catch {} });',
  ],
])('%s', (_, end) => {
  expect(run(`const { object, requests, table } = open(); tell(table.value[2047]); ${end}`)).toBe(12);
});

test('everything dropped and collected: object and mapping go', () => {
  expect(
    run(`(() => { open(); })(); tell([fds() > 3, lines(), await until(() => fds() === 0), lines()]);`),
  ).toEqual([true, 2, true, 0]);
});

test('a raw view alone keeps the memory, and goes with it', () => {
  const body = `
    let view = (() => open().table.value)();
    for (let i = 0; i < 20; i++) { gc(); await turn(); }
    const kept = [view.length, view[2047], lines()];
    view[0] = 5;
    view = undefined;
    tell([...kept, await until(() => fds() === 0 && lines() === 0)]);`;
  expect(run(body)).toEqual([2048, 12, 2, true]);
});

test('closed and collected in any order, a hundred times', () => {
  const body = `
    const round = (i) => {
      const { object, table } = open();
      const view = table.value;
      if (i % 3 === 0) gc();
      if (i % 2 === 0) object.close();
      if (i % 2 === 0 && view.length !== 0) throw new Error('not detached');
    };
    for (let i = 0; i < 100; i++) {
      round(i);
      if (i % 10 === 0) await turn();
    }
    tell(await until(() => fds() === 0 && lines() === 0));`;
  expect(run(body)).toBe(true);
});

test.each([
  ['falls off the end', '', ''],
  ['calls process.exit', 'process.exit(0);', ''],
  ['closes first', 'object.close();', ''],
  ['throws', 'throw new Error("on purpose");', ''],
  ['is terminated', 'setInterval(() => table.value[0]++, 1);', 'setTimeout(() => worker.terminate(), 50);'],
])('a worker that %s leaves nothing behind', (_, end, outside) => {
  const worker = `
    const args = require('node:worker_threads').workerData;
    const subskel = require(args.package);
    ${HELPERS}
    const { object, requests, table } = open();
    const view = table.value;
    require('node:worker_threads').parentPort.postMessage(view[2047]);
    ${end}`;
  const body = `
    const { Worker } = require('node:worker_threads');
    const seen = [];
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => {
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true, workerData: args });
        worker.on('message', (value) => { seen.push(value); ${outside} });
        worker.on('error', () => {});
        worker.on('exit', resolve);
      });
    }
    tell([seen, fds(), lines()]);`;
  expect(run(body)).toEqual([[12, 12, 12], 0, 0]);
});
