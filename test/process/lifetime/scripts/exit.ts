/** Leaves an object, a link and memory open, and ends in the way that is asked for. */
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: { readonly file: string; readonly end: keyof typeof ENDS };

const object = subskel.BpfObject.open(args.file);
const total = object.section('.bss').variables.get('total')!;
object.load();
object.program('on_enter').attach();
export const array = object.section('.bss.resizable').variables.get('resizable')!.value;

export const ENDS = {
  'falling off the end': () => undefined,
  'process.exit': () => process.exit(3),
  'an uncaught exception': () =>
    setTimeout(() => {
      throw new Error('on purpose');
    }),
  'SIGINT, as by Ctrl-C': () => {
    process.once('SIGINT', () => process.exit(4));
    process.kill(process.pid, 'SIGINT');
    setTimeout(() => undefined, 1000);
  },
  'close() in an exit handler': () => process.on('exit', () => object.close()),
  'use after close in an exit handler': () =>
    process.on('exit', () => {
      object.close();
      try {
        process.exitCode = total.value === undefined ? 6 : 7;
      } catch {
        process.exitCode = 5;
      }
    }),
};

ENDS[args.end]();
