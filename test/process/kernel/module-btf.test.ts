/**
 * The BTF of a module, where the kernel gives it: over the running kernel's own, in a /sys/kernel/btf of the test's own, as
 * kernels without modules have none to show. libbpf reads the same file.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readBtfFile } from '../../../lib/btf/records/read-file';
import { loadAddon } from '../../../lib/native/load/load';
import { BtfBuilder } from '../../support/btf-builder';
import { PRIVATE_MOUNTS, runChild } from '../../support/child';

const KERNEL = '/sys/kernel/btf/vmlinux';

/** struct sample_queue { struct list_head entries; struct task_struct *owner; u32 length; } and a function of it. */
function moduleBtf(): Uint8Array {
  const base = readBtfFile(KERNEL, undefined);
  const find = (name: string, kind: 'struct' | 'typedef'): number => {
    const id = base.findByName(name, kind);
    if (id === undefined) throw new Error(`the kernel has no ${name}`);
    return id;
  };
  const btf = new BtfBuilder({ firstId: base.length, firstName: base.namesLength });
  const owner = btf.reference('ptr', find('task_struct', 'struct'));
  const queue = btf.struct('sample_queue', 32, [
    { name: 'entries', type: find('list_head', 'struct'), at: 0 },
    { name: 'owner', type: owner, at: 128 },
    { name: 'length', type: find('u32', 'typedef'), at: 192 },
  ]);
  const pointer = btf.reference('ptr', queue);
  btf.reference('func', btf.prototype(0, [pointer]), 'sample_flush');
  return btf.build();
}

const SCRIPT = `
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const kernel = fs.readFileSync('/sys/kernel/btf/vmlinux');
execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/sys/kernel/btf']);
fs.writeFileSync('/sys/kernel/btf/vmlinux', kernel);
fs.copyFileSync(args.file, '/sys/kernel/btf/sample_module');
const { Btf } = subskel;
const btf = Btf.module('sample-module');
const queue = btf.type('struct sample_queue');
const bytes = btf.encode('struct sample_queue', { length: 7, owner: 0x1000n }, { partial: true });
let missing = 'none';
try { Btf.module('another'); } catch (error) { missing = error.code; }
console.log(JSON.stringify({
  base: btf.base === Btf.vmlinux(),
  members: queue.members.map(({ declaration, offset }) => [declaration, offset]),
  first: queue.id >= Btf.vmlinux().length,
  own: queue.definition().includes('struct list_head {'),
  kernel: btf.type('struct list_head').size,
  flush: btf.type('sample_flush').declaration(),
  decoded: String(btf.decode('struct sample_queue', bytes).owner) + ' ' + btf.decode('struct sample_queue', bytes).length,
  missing,
}));
`;

test('its own types, over those of the kernel', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'subskel-module-'));
  try {
    const file = path.join(folder, 'sample_module');
    writeFileSync(file, moduleBtf());
    expect(readFileSync(file).length).toBeLessThan(1000);
    const { stdout, stderr, status } = runChild(SCRIPT, { file }, [], PRIVATE_MOUNTS);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toEqual({
      base: true,
      members: [
        ['struct list_head entries', 0],
        ['struct task_struct *owner', 16],
        ['u32 length', 24],
      ],
      first: true,
      own: true,
      kernel: 16,
      flush: 'void sample_flush(struct sample_queue *)',
      decoded: '4096 7',
      missing: 'ERR_NOT_FOUND',
    });
    expect(loadAddon().btfDump(file, KERNEL)).toContain(
      'struct sample_queue {\n\tstruct list_head entries;\n\tstruct task_struct *owner;\n\tu32 length;\n',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
