const { openSync, writeSync } = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { BpfObject, toJSON } = require('libbpf-subskel');

/** One line of JSON a record; 64-bit integers as decimal strings, because JSON's numbers cannot hold them. */
async function* ndjson(records) {
  for await (const record of records) yield `${JSON.stringify(toJSON(record))}\n`;
}

async function* first(count, records) {
  for await (const record of records) {
    yield record;
    if (--count === 0) return;
  }
}

const object = BpfObject.open('requests.bpf.o');
object.section('.rodata').variables.get('target_pid').value = process.pid;
object.load();
object.program('on_enter').attach();
const null_ = openSync('/dev/null', 'w');
for (let i = 0; i < 3; i++) writeSync(null_, 'x');

const records = object.map('requests').records('struct request');
pipeline(first(3, records), ndjson, process.stdout).then(() => object.close());
