'use strict';
// What works without a kernel that has BPF, and without privileges: run by scripts/test-arm64 in a Node.js for arm64,
// whose system calls qemu passes on, all but bpf(). Everything up to load(), the generator, the linker.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/request-stats/out');
const { BpfObject, describe, openSubskeleton } = require(ROOT);

const work = mkdtempSync(path.join(os.tmpdir(), 'subskel-emulated-'));
const cli = (...args) => execFileSync(process.execPath, [path.join(ROOT, 'dist/cli/main.js'), ...args]);
try {
  // The generator writes the same text as on the machine that built the example.
  const module = path.join(work, 'request_stats.subskel.ts');
  cli(
    'gen',
    'subskeleton',
    path.join(EXAMPLE, 'request_stats.bpf.o'),
    '--name',
    'request_stats',
    '--out',
    module,
  );
  assert.equal(
    readFileSync(module, 'utf8'),
    readFileSync(path.join(EXAMPLE, 'request_stats.subskel.ts'), 'utf8'),
  );

  // libbpf's linker, in a process of its own, with the addon.
  const linked = path.join(work, 'agent.bpf.o');
  cli('gen', 'object', linked, path.join(EXAMPLE, 'agent.bpf.o'), path.join(EXAMPLE, 'request_stats.bpf.o'));
  assert.ok(readFileSync(linked).equals(readFileSync(path.join(EXAMPLE, 'agent.linked.bpf.o'))));

  const object = BpfObject.open(linked);
  const stats = openSubskeleton(object, describe(path.join(EXAMPLE, 'request_stats.bpf.o')));
  stats.rodata.target_pid.value = 7;
  assert.equal(stats.rodata.target_pid.value, 7);
  assert.throws(
    () => object.load(),
    (error) => {
      console.log(`emulated: ${error.message}`);
      return error.code === 'ENOSYS' || error.code === 'EPERM';
    },
  );
  object.close();
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`emulated: generated, linked and opened on ${process.arch}, Node.js ${process.version}`);
