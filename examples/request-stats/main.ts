// The user-space half of the library, and a program that uses it on two objects that know nothing of each other.
import { writeSync, openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { BpfObject } from 'libbpf-subskel';
import { RequestStats } from './out/request_stats.subskel';

/** The same code for whichever object the library was linked into. */
function watch(file: string): void {
  const object = BpfObject.open(file);
  try {
    // Before load: find the library inside the object, and configure it.
    const stats = RequestStats.open(object);
    stats.rodata.target_pid.value = process.pid;
    stats.rodata.sample_rate.value = 2;

    object.load();
    stats.progs.on_request.attach();
    makeRequests(100);

    // After load: the same variables, now the kernel's own memory.
    const last = stats.bss.last.read();
    console.log(`${path.basename(file)}: the library's variables, live`);
    console.log(`  ${'requests'.padEnd(16)} ${stats.bss.requests.value}`);
    console.log(`  ${'request_weight'.padEnd(16)} ${stats.data.request_weight.value}`);
    console.log(
      `  ${'last'.padEnd(16)} #${last.number} syscall ${last.syscall} by '${last.comm.string}', thread ${last.tid}`,
    );
    console.log(`  ${'histogram'.padEnd(16)} [${stats.bss.histogram.value.join(' ')}]`);
    for (const name of ['requests', 'last', 'histogram'] as const) {
      const { section, offset } = stats.bss[name];
      console.log(`  ${name.padEnd(16)} lies at ${section}+${offset}`);
    }
    for (const [syscall, count] of stats.maps.per_syscall) {
      console.log(`  ${'per_syscall'.padEnd(16)} ${syscall} → ${count}`);
    }
  } finally {
    object.close();
  }
}

/** Some system calls of our own: n writes to nowhere. */
function makeRequests(n: number): void {
  const nowhere = openSync('/dev/null', 'w');
  for (let i = 0; i < n; i++) writeSync(nowhere, 'x');
  closeSync(nowhere);
}

for (const file of process.argv.slice(2)) watch(file);
