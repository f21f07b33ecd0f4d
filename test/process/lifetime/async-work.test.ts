/** Raw arrays of a section in the hands of another thread (zlib's) while the section goes away under them. */
import { arenaObject } from '../../support/arena';
import { runChild } from '../../support/child';
import { compileBpfSource } from '../../support/compile';

const HELPERS = `
const fs = require('node:fs');
const zlib = require('node:zlib');
const lines = () => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => /bpf-map/.test(line)).length;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const collected = async () => {
  for (let i = 0; i < 400 && lines() > 0; i++) { gc(); await turn(); }
  return lines();
};
const open = () => {
  const object = subskel.BpfObject.open(args.file);
  return { object, table: object.section(args.section).variables.get('table') };
};
/** Reads all of the array on another thread; several at once keep the threads busy for a while. */
const deflate = (array) => Promise.all(Array.from({ length: 8 }, () => new Promise((resolve, reject) =>
  zlib.deflate(array, { level: 9 }, (error, result) => (error ? reject(error) : resolve(result.length))))));
const tell = (value) => console.log(JSON.stringify(value));
`;

const BIG = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
__u32 table[2 << 20];
SEC("syscall") int touch(void *ctx) { table[5] = 1; return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

function run(args: { file: string; section: string }, body: string): unknown {
  const { stdout, stderr, status, signal } = runChild(`${HELPERS}(async () => {${body}})();`, args, [
    '--expose-gc',
  ]);
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const big = (): { file: string; section: string } => ({
  file: compileBpfSource(BIG, 'async_work'),
  section: '.bss',
});
const arena = (): { file: string; section: string } => ({ file: arenaObject(), section: '.addr_space.1' });

describe.each([
  ['a section', big],
  ['an arena', arena],
])('%s', (_, args) => {
  test('closed while the array is being read: the memory stays until that has ended, then goes', () => {
    const body = `
      let { object, table } = open();
      object.load();
      const working = deflate(table.value);
      object.close();
      for (let i = 0; i < 20; i++) { gc(); await turn(); }
      const during = lines() > 0;
      await working;
      object = table = null;
      tell([during, await collected()]);`;
    expect(run(args(), body)).toEqual([true, 0]);
  });

  test('closed with nobody at the array: the memory goes at once, uncollected', () => {
    const body = `
      const { object, table } = open();
      object.load();
      table.value;
      const before = lines();
      const other = open();
      other.object.load();
      other.table.read();
      const during = lines();
      other.object.close();
      tell([before > 0, during > before, lines() - before]);
      object.close();`;
    expect(run(args(), body)).toEqual([true, true, 0]);
  });

  test('a section that comes to lie where one lay before is not taken away by what is late', () => {
    const body = `
      let kept = open();
      kept.object.load();
      kept.table.read();
      for (let i = 0; i < 50; i++) {
        // The finalizers of what is closed here come when the other lies in its place.
        kept.object.close();
        kept = open();
        kept.object.load();
        kept.table.read();
        if (i % 5 === 0) { gc(); await turn(); }
        kept.table.read();
      }
      gc();
      await turn();
      const { length } = kept.table.read();
      kept.object.close();
      tell([length > 0, lines()]);`;
    expect(run(args(), body)).toEqual([true, 0]);
  });
});

test('other threads go on reading their own mapping of a section while this thread opens and closes', () => {
  const body = `
    const { Worker } = require('node:worker_threads');
    const { object, table } = open();
    object.load();
    table.write(new Uint32Array(table.length).fill(7));
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(\`
      const { parentPort, workerData } = require('node:worker_threads');
      const zlib = require('node:zlib');
      const subskel = require(workerData.package);
      const section = subskel.SharedSection.open(workerData.handle);
      const array = section.variables.get('table').value;
      let seen = 0, rounds = 0, deflated = 0;
      const step = () => {
        for (let i = 0; i < array.length; i += 512) seen |= array[i];
        rounds++;
        if (Atomics.load(workerData.stop, 0) === 0) return setImmediate(step);
        Promise.all(working).then(() => parentPort.postMessage([seen, rounds > 0, deflated]));
      };
      const working = Array.from({ length: 4 }, () => new Promise((done) => zlib.deflate(array, () => { deflated++; done(); })));
      parentPort.postMessage('ready');
      step();
    \`, { eval: true, workerData: { package: args.package, handle: object.section(args.section).share(), stop } });
    const message = () => new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });
    await message();
    object.close();
    for (let i = 0; i < 100; i++) {
      const other = open();
      other.object.load();
      other.table.read();
      other.object.close();
    }
    Atomics.store(stop, 0, 1);
    tell(await message());`;
  const args = { ...big(), package: require.resolve('../../../dist/index.js') };
  expect(run(args, body)).toEqual([7, true, 4]);
});

test('loaded while the array of the initial image is being read', () => {
  const body = `
    const { object, table } = open();
    const image = table.value;
    const working = deflate(image);
    object.load();
    const sizes = [image.length, table.value.length];
    for (let i = 0; i < 50; i++) { gc(); new Uint8Array(8 << 20).fill(7); await turn(); }
    const results = await working;
    object.close();
    tell([sizes, new Set(results).size]);`;
  expect(run(big(), body)).toEqual([[0, 2 << 20], 1]);
});
