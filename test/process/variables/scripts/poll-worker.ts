/** Sets `done` from a BPF program, half a second later. */
import { workerData } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

const given = workerData as { readonly file: string; readonly fd: number; readonly package: string };
const subskel = require(given.package) as typeof Subskel;

const object = subskel.BpfObject.open(given.file);
object.section('.bss').map.reuse(given.fd);
object.load();
setTimeout(() => object.program('finish').testRun({ data: new Uint8Array(64) }), 500);
