/** A live variable against the same value by map lookup, through the npm package `bpf` (a peer). */
import { ConvArrayMap, createMapRef } from 'bpf';
import { BpfObject, type NumberVariable } from '../../lib';
import { compileBpfSource } from '../../test/support/compile';
import { compare, time, type Measured } from '../measure';

const SOURCE = `
int only = 42;
__attribute__((section("syscall"), used)) int touch(void *ctx) { return only++; }
char LICENSE[] __attribute__((section("license"))) = "GPL";
`;

export function run(): Measured[] {
  const object = BpfObject.open(compileBpfSource(SOURCE, 'bench_peer'));
  object.load();
  const section = object.section('.data');
  const variable = section.variables.get('only') as NumberVariable;
  const peer = new ConvArrayMap(createMapRef(section.map.fd, { transfer: false }), {
    parse: (buffer: Buffer) => buffer.readInt32LE(),
    format: (buffer: Buffer, value: number) => void buffer.writeInt32LE(value),
  });
  let sum = 0;
  const reads = 50_000_000;
  const ours = (): number =>
    time(() => {
      let local = 0;
      for (let i = 0; i < reads; i++) local += variable.value;
      sum += local;
    }) / reads;
  const lookups = 50_000;
  const reference = (): number =>
    time(() => {
      for (let i = 0; i < lookups; i++) sum += peer.get(0);
    }) / lookups;
  ours();
  reference();
  const result = compare("variable.value / map lookup by npm 'bpf'", 9, ours, reference, 'ns', 1 / 1000);
  object.close();
  if (sum === 0) throw new Error('nothing was read');
  return [result];
}
