/** Atomics: no update is lost between BPF programs and several JavaScript threads on the same words. */
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';

const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const subskel = require(workerData.package);
const object = subskel.BpfObject.open(workerData.file);
object.section('.bss').map.reuse(workerData.fd);
object.load();
const bss = object.section('.bss').variables;
const struct = bss.get('in_struct').value;
const array = bss.get('in_array').value;
if (workerData.role === 'javascript') {
  const atomics = [
    [bss.get('counter').atomic, 1n], [bss.get('counter32').atomic, 1],
    [subskel.atomicOf(struct, 'small'), 1], [subskel.atomicOf(struct, 'large'), 1n],
  ];
  for (let i = 0; i < workerData.rounds; i++) {
    for (const [atomic, one] of atomics) atomic.add(one);
    Atomics.add(array, 1, 1n);
  }
} else {
  const data = new Uint8Array(64);
  for (let i = 0; i < 10; i++) object.program('count').testRun({ data, repeat: workerData.rounds / 10 });
}
object.close();
parentPort.postMessage('done');
`;

test('three JavaScript threads and two BPF runners count the same words up', () => {
  const rounds = 200_000;
  const { stdout, stderr } = runChild(
    `
    const { Worker } = require('node:worker_threads');
    const object = subskel.BpfObject.open(args.file);
    object.load();
    const bss = object.section('.bss');
    const run = (role) => new Promise((resolve, reject) => {
      const workerData = { role, file: args.file, fd: bss.map.fd, rounds: args.rounds, package: args.package };
      new Worker(args.worker, { eval: true, workerData }).on('message', resolve).on('error', reject);
    });
    Promise.all(['javascript', 'bpf', 'javascript', 'bpf', 'javascript'].map(run)).then(() => {
      const v = (name) => bss.variables.get(name).value;
      console.log(JSON.stringify([v('counter'), v('counter32'), v('in_struct').small, v('in_struct').large, v('in_array')[1]].map(String)));
      object.close();
    });`,
    {
      file: compileBpf('atomics'),
      worker: WORKER,
      rounds,
      package: require.resolve('../../../dist/index.js'),
    },
  );
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(new Array(5).fill(String(5 * rounds)));
});

test('polling a variable in a tight loop sees what the kernel changes', () => {
  const { stdout, stderr } = runChild(
    `
    const { Worker } = require('node:worker_threads');
    const object = subskel.BpfObject.open(args.file);
    object.load();
    const done = object.section('.bss').variables.get('done');
    const finish = \`
      const { workerData } = require('node:worker_threads');
      const subskel = require(workerData.package);
      const object = subskel.BpfObject.open(workerData.file);
      object.section('.bss').map.reuse(workerData.fd);
      object.load();
      setTimeout(() => object.program('finish').testRun({ data: new Uint8Array(64) }), 500);
    \`;
    new Worker(finish, { eval: true, workerData: { file: args.file, fd: object.section('.bss').map.fd, package: args.package } })
      .on('online', () => {
        let polls = 0;
        const end = Date.now() + 20_000;
        while (done.value === 0 && ++polls) if (polls % 1e7 === 0 && Date.now() > end) break;
        console.log(JSON.stringify({ done: done.value, hot: polls > 1e5 }));
        process.exit(0);
      });`,
    { file: compileBpf('atomics'), package: require.resolve('../../../dist/index.js') },
  );
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ done: 1, hot: true });
});
