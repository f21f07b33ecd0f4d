/** Has an object of its own, reads it for a while, and ends as it is told. */
import { workerData } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

const given = workerData as { readonly file: string; readonly package: string; readonly end: string };
const subskel = require(given.package) as typeof Subskel;

const object = subskel.BpfObject.open(given.file);
const total = object.section('.bss').variables.get('total')!;
object.load();
object.program('on_enter').attach();
let read = 0;
while (read < 1000) if (total.value !== undefined) read++;

switch (given.end) {
  case 'close':
    object.close();
    break;
  case 'exit':
    process.exit(0);
    break;
  case 'go on':
    setInterval(() => total.value, 1);
    break;
  case 'throw':
    throw new Error('on purpose');
}
