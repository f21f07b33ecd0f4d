/** Says which descriptors and mappings there are before and after rounds of open, load, attach, read and close. */
import fs from 'node:fs';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: { readonly file: string; readonly rounds: number };

const mappings = (): string[] => fs.readFileSync('/proc/self/maps', 'utf8').split('\n');
const state = (): object => ({
  fds: fs.readdirSync('/proc/self/fd').length,
  mappings: mappings().filter((line) => line.includes('bpf')).length,
});
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

function round(): unknown {
  const object = subskel.BpfObject.open(args.file);
  const total = object.section('.bss').variables.get('total')!;
  object.load();
  object.program('on_enter').attach();
  const { value } = total;
  object.close();
  return value;
}

async function main(): Promise<void> {
  for (let i = 0; i < 20; i++) round();
  globalThis.gc!();
  await turn();
  const before = state();
  for (let i = 0; i < args.rounds; i++) round();
  globalThis.gc!();
  await turn();
  globalThis.gc!();
  await turn();
  console.log(JSON.stringify([before, state()]));
}

void main();
