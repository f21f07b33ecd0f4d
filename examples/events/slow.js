const { openSync, writeSync } = require('node:fs');
const { BpfObject } = require('libbpf-subskel');

async function main() {
  const object = BpfObject.open('requests.bpf.o');
  object.section('.rodata').variables.get('target_pid').value = process.pid;
  object.load();
  object.program('on_enter').attach();

  const null_ = openSync('/dev/null', 'w');
  for (let i = 0; i < 1000; i++) writeSync(null_, 'x'); // nothing reads meanwhile: the ring of 4096 bytes fills up

  let received = 0;
  for await (const request of object.map('requests').records('struct request')) {
    if (received++ === 0) console.log(request.pid === process.pid, request.comm.string); // true node
    if (received === 100) break;
  }
  console.log(object.section('.bss').variables.get('dropped').value > 800n); // true: counted on the BPF side
  object.close();
}

main();
