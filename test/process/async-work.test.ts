/** Raw arrays of a section in the hands of another thread (zlib's) while the section goes away under them. */
import { arenaObject } from '../support/arena';
import { runChild } from '../support/child';
import { compileBpfSource } from '../support/compile';

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

  test('closed with nobody at the array: the memory goes with the next turn, uncollected', () => {
    const body = `
      const { object, table } = open();
      object.load();
      table.value;
      const before = lines();
      const other = open();
      other.object.load();
      other.table.read();
      other.object.close();
      await turn();
      tell([before > 0, lines() - before]);
      object.close();`;
    expect(run(args(), body)).toEqual([true, 0]);
  });
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
