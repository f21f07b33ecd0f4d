/** Drops an object and all of its parts but an array over its memory, and looks what is collected. */
import fs from 'node:fs';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: { readonly file: string };

const isBpf = (fd: string): boolean => {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`).includes('bpf');
  } catch {
    return false;
  }
};
const bpf = (): number => fs.readdirSync('/proc/self/fd').filter(isBpf).length;

function use(): ArrayLike<unknown> {
  const object = subskel.BpfObject.open(args.file);
  object.load();
  object.program('on_enter').attach();
  return object.section('.bss.resizable').variables.get('resizable')!.value as ArrayLike<unknown>;
}

const collect = async (): Promise<void> => {
  for (let i = 0; i < 20 && bpf() > 0; i++) {
    globalThis.gc!();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const view = use();
const before = bpf();
void collect().then(() => {
  const seen = { before: before > 3, after: bpf(), view: view.length, first: String(view[0]) };
  console.log(JSON.stringify(seen));
});
