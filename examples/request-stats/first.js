const { readFileSync } = require('node:fs');
const { BpfObject, describe, openSubskeleton } = require('libbpf-subskel');

const object = BpfObject.open('agent.linked.bpf.o'); // the final object, which the library is linked into
const stats = openSubskeleton(object, describe('request_stats.bpf.o')); // the library's part of it
stats.rodata.target_pid.value = process.pid; // before load: configure
object.load();
stats.progs.on_request.attach();

for (let i = 0; i < 1000; i++) readFileSync('/dev/null');

console.log(stats.bss.requests.value > 3000n); // true: read straight from the kernel's page
console.log(stats.bss.last.value.comm.string); // node; newer Node.js names its threads: MainThread
object.close();
