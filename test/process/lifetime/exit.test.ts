/** However a process ends, with whatever still open, it ends cleanly. */
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';

const OPEN = `
const object = subskel.BpfObject.open(args.file);
const total = object.section('.bss').variables.get('total');
object.load();
object.program('on_enter').attach();
const array = object.section('.bss.resizable').variables.get('resizable').value;
`;

test.each([
  ['falling off the end', '', 0],
  ['process.exit', 'process.exit(3);', 3],
  ['an uncaught exception', 'setTimeout(() => { throw new Error("on purpose"); });', 1],
  [
    'SIGINT, as by Ctrl-C',
    'process.once("SIGINT", () => process.exit(4)); process.kill(process.pid, "SIGINT"); setTimeout(() => {}, 1000);',
    4,
  ],
  ['close() in an exit handler', 'process.on("exit", () => object.close());', 0],
  [
    'use after close in an exit handler',
    'process.on("exit", () => { object.close(); try { total.value; } catch { process.exitCode = 5; } });',
    5,
  ],
])('%s', (_, end, status) => {
  const result = runChild(OPEN + end, { file: compileBpf('objects') });
  expect(result.signal).toBeNull();
  expect(result.status).toBe(status);
});

test('everything dropped and collected: the object is closed, the raw view still reads', () => {
  const script = `
    const fs = require('node:fs');
    const bpf = () => fs.readdirSync('/proc/self/fd').filter((fd) => {
      try { return /bpf/.test(fs.readlinkSync('/proc/self/fd/' + fd)); } catch { return false; }
    }).length;
    let view;
    (function () { ${OPEN} view = array; })();
    const before = bpf();
    const collect = async () => {
      for (let i = 0; i < 20 && bpf() > 0; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
    };
    collect().then(() => console.log(JSON.stringify({ before: before > 3, after: bpf(), view: view.length, first: String(view[0]) })));`;
  const { stdout, stderr } = runChild(script, { file: compileBpf('objects') }, ['--expose-gc']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ before: true, after: 0, view: 2, first: '0' });
});

test('a thousand rounds of open, load, attach, read, close leave nothing behind', () => {
  const script = `
    const fs = require('node:fs');
    const state = () => ({
      fds: fs.readdirSync('/proc/self/fd').length,
      mappings: fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => /bpf/.test(line)).length,
    });
    const round = () => {
      const object = subskel.BpfObject.open(args.file);
      const total = object.section('.bss').variables.get('total');
      object.load();
      object.program('on_enter').attach();
      total.value;
      object.close();
    };
    for (let i = 0; i < 20; i++) round();
    gc();
    setTimeout(() => {
      const before = state();
      for (let i = 0; i < args.rounds; i++) round();
      gc();
      setTimeout(() => { gc(); setTimeout(() => console.log(JSON.stringify([before, state()])), 100); }, 100);
    }, 100);`;
  const { stdout, stderr } = runChild(script, { file: compileBpf('objects'), rounds: 1000 }, ['--expose-gc']);
  expect(stderr).toBe('');
  const [before, after] = JSON.parse(stdout) as [unknown, unknown];
  expect(after).toEqual(before);
});

test('worker threads: each with an object of its own, ended in every way', () => {
  const script = `
    const { Worker } = require('node:worker_threads');
    const body = \`
      const { workerData } = require('node:worker_threads');
      const subskel = require(workerData.package);
      const object = subskel.BpfObject.open(workerData.file);
      const total = object.section('.bss').variables.get('total');
      object.load();
      object.program('on_enter').attach();
      for (let i = 0; i < 1000; i++) total.value;
      \${'$'}{END}\`;
    const ends = ['', 'object.close();', 'process.exit(0);', 'setInterval(() => total.value, 1);', 'throw new Error("on purpose");'];
    const run = (end) => new Promise((resolve) => {
      const worker = new Worker(body.replace('\${END}', end), { eval: true, workerData: { file: args.file, package: args.package } });
      worker.on('error', () => {});
      worker.on('exit', resolve);
      if (end.startsWith('setInterval')) setTimeout(() => worker.terminate(), 300);
    });
    Promise.all([...ends, ...ends].map(run)).then((codes) => console.log(JSON.stringify(codes)));`;
  const { stdout, stderr, signal } = runChild(script.replace("\\${'$'}{END}", '${END}'), {
    file: compileBpf('objects'),
    package: require.resolve('../../../dist/index.js'),
  });
  expect(stderr).toBe('');
  expect(signal).toBeNull();
  // terminate() in mid-timer ends with 0 or 1, as the moment has it.
  const codes = JSON.parse(stdout) as number[];
  expect(codes.filter((_, i) => i % 5 !== 3)).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
  expect([codes[3], codes[8]].every((code) => code === 0 || code === 1)).toBe(true);
});
