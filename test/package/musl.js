'use strict';
// The package in a process on musl (scripts/test-musl): which binary does it choose, and does a BPF program run?
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const [folder] = process.argv.slice(2);
const { BpfObject, describe, openSubskeleton } = require(folder);
const { libc } = require(path.join(folder, 'dist/native/load/libc.js'));
const out = path.join(__dirname, '../../examples/request-stats/out');

assert.equal(libc(), 'musl');
const object = BpfObject.open(path.join(out, 'agent.linked.bpf.o'));
assert.match(readFileSync('/proc/self/maps', 'utf8'), /libbpf-subskel\.musl\.node/);
const stats = openSubskeleton(object, describe(path.join(out, 'request_stats.bpf.o')));
stats.rodata.target_pid.value = process.pid;
object.load();
stats.progs.on_request.attach();
for (let i = 0; i < 100; i++) readFileSync(__filename);
const { requests } = stats.bss;
assert.ok(requests.value >= 300n);
requests.atomic.add(1n);
const lent = stats.bss.histogram.value;
object.close();
assert.equal(lent.length, 0);
assert.throws(() => requests.value, { code: 'ERR_CLOSED' });
console.log('musl: the package chose its binary for musl, and a BPF program ran');
