// What both agents do in user space: it knows the two libraries, and nothing of the objects that they were linked into.
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Latency } from '@libbpf-subskel/latency';
import { TopK } from '@libbpf-subskel/top-k';
import { BpfObject, type Variable } from 'libbpf-subskel';

async function watch(file: string): Promise<void> {
  const object = BpfObject.open(file);
  try {
    const latency = new Latency(object);
    const topK = new TopK(object);
    (object.section('.rodata').variables.get('target_pid') as Variable<number>).value = process.pid;
    object.load();
    for (const program of object.programs.values()) program.attach();

    const nowhere = openSync('/dev/null', 'w');
    for (let i = 0; i < 1000; i++) writeSync(nowhere, 'x'.repeat(i));
    closeSync(nowhere);

    const interval = latency.histogram().reset();
    const { p50, p99 } = interval.percentiles([50, 99]);
    console.log(`${path.basename(file)}: ${interval.count} times, p50 ${p50} ns, p99 ${p99} ns`);
    const summary = await topK.take();
    for (const { key, atLeast, atMost } of summary.top(3))
      console.log(`  ${key}: ${atLeast} to ${atMost} of ${summary.total}`);
  } finally {
    object.close();
  }
}

void (async () => {
  for (const file of process.argv.slice(2)) await watch(file);
})();
