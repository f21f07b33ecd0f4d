'use strict';
// Loads a binary of the addon, without the rest of the package, and calls into it: libbpf answers, an error passes
// through C++'s exceptions, and the JavaScript runtime goes on. Needs nothing but the runtime: Alpine, an emulator, Bun.
// node scripts/try-addon.cjs FILE
const assert = require('node:assert');
const path = require('node:path');

const [file = ''] = process.argv.slice(2);
const addon = require(path.resolve(file));
addon.setErrorFactory((failure) => Object.assign(new Error(failure.log), failure));

assert.match(addon.libbpfVersion, /^1\.\d+$/);
assert.ok(addon.possibleCpus() > 0);
const caught = (call) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};
// Out of libelf, through libbpf.
const open = caught(() => addon.openMemory(new Uint8Array(1000), { name: 'zeros' }));
assert.deepStrictEqual([open.kind, open.syscall], ['bpf', 'bpf_object__open_mem']);
// A C++ exception in our own code.
assert.strictEqual(caught(() => addon.openFile(7, {})).kind, 'argument');
const link = caught(() => addon.link('/nonexistent/x.o', []));
assert.strictEqual(link.kind, 'bpf');
for (let i = 0; i < 100; i++) caught(() => addon.openFile('/nonexistent', {}));
console.log(
  `try-addon: ${file} works in ${process.title} ${process.version} (${process.arch}): libbpf ${addon.libbpfVersion}`,
);
