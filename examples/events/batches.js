const { openSync, writeSync } = require('node:fs');
const { BpfObject, RingBuffer } = require('libbpf-subskel');

const object = BpfObject.open('requests.bpf.o');
object.section('.rodata').variables.get('target_pid').value = process.pid;
object.load();
object.program('on_enter').attach();

const ring = new RingBuffer(object.map('requests'), { type: 'struct request', int64: 'number' });
let latest = 0;
let count = 0;
ring.on('records', (batch) => {
  for (const request of batch) latest = Math.max(latest, request.time_ns); // views: nothing is copied
  count += batch.length;
  if (count >= 20) ring.close(); // the process may end now
});

const null_ = openSync('/dev/null', 'w');
for (let i = 0; i < 20; i++) writeSync(null_, 'x');
process.on('exit', () => console.log(count >= 20, latest > 0)); // true true
