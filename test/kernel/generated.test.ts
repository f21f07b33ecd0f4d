/** Generated modules at work: a skeleton that owns the object, a library's subskeleton on it, with the kernel. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtPackage, transpile } from '../support/built-package';
import { compileBpfSource, ROOT } from '../support/compile';
import { cli } from '../support/run-cli';

const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
enum mode { OFF, COUNT = 3 };
struct last { __u32 pid; enum mode mode; char comm[16]; };
const volatile __u32 target = 0;
__u64 hits; struct last last; int levels[4]; __u64 custom SEC(".data.a.b") = 7; __u32 custom2 SEC(".data.a_b") = 8;
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, struct last); } seen SEC(".maps");
SEC("raw_tp/sys_enter") int on_enter(void *ctx) {
  __u32 pid = bpf_get_current_pid_tgid() >> 32;
  if (pid != target) return 0;
  __sync_fetch_and_add(&hits, 1);
  struct last now = {.pid = pid, .mode = COUNT};
  bpf_get_current_comm(now.comm, sizeof(now.comm));
  last = now;
  bpf_map_update_elem(&seen, &pid, &now, 0);
  return 0;
}
SEC("socket") int by_hand(void *ctx) { levels[1]++; return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

const SCRIPT = `
const assert = require('node:assert');
const { Probe, mode } = require('./probe.skel');
const { Probe: Part } = require('./probe.subskel');
const skeleton = Probe.open();
assert.deepEqual(Object.keys(skeleton.progs), ['on_enter', 'by_hand']);
skeleton.rodata.target.value = process.pid;
skeleton.bss.levels.value[2] = 5;
skeleton.load();
skeleton.attach();
assert.ok(skeleton.links.on_enter, 'attached by its section');
assert.equal(skeleton.links.by_hand, undefined);
require('node:fs').statSync('.');
const part = Part.open(skeleton.object, { check: 'layout' });
assert.ok(part.bss.hits.value > 0n);
assert.equal(part.bss.last.value.pid, process.pid);
assert.equal(part.bss.last.value.mode, mode.COUNT);
// Newer Node.js names its threads: MainThread.
assert.match(part.bss.last.read().comm.string, /^[A-Za-z0-9-]+$/);
assert.equal(part.bss.levels.value[2], 5);
assert.deepEqual([part.data_a_b.custom.value, part.data_a_b_2.custom2.value], [7n, 8]);
const value = part.maps.seen.get(process.pid);
assert.deepEqual([value.pid, value.mode], [process.pid, mode.COUNT]);
assert.equal(part.maps.bss, skeleton.maps.bss);
skeleton.detach();
const before = part.bss.hits.value;
require('node:fs').statSync('.');
assert.equal(part.bss.hits.value, before);
assert.deepEqual(Buffer.from(skeleton.elfBytes), require('node:fs').readFileSync('probe.bpf.o'));
skeleton.close();
assert.throws(() => part.bss.hits.value, { code: 'ERR_CLOSED' });
console.log('done');
`;

const folderFor = (name: string): string =>
  path.join(builtPackage(), `generated-${name}-${String(process.pid)}`);

test.each<[string, string[]]>([
  ['embedded', []],
  ['from a file beside it', ['--object', './probe.bpf.o']],
])('an object %s', async (_, args) => {
  const object = compileBpfSource(SOURCE, 'generated_probe');
  const folder = folderFor(args.length === 0 ? 'embedded' : 'file');
  const generate = ['--name', 'probe', '--out-dir', folder];
  expect(await cli(['gen', 'skeleton', object, ...generate, ...args])).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(await cli(['gen', 'subskeleton', object, ...generate])).toMatchObject({ status: 0, stderr: '' });
  writeFileSync(path.join(folder, 'probe.bpf.o'), readFileSync(object));
  for (const kind of ['skel', 'subskel']) {
    const text = readFileSync(path.join(folder, `probe.${kind}.ts`), 'utf8');
    writeFileSync(path.join(folder, `probe.${kind}.js`), transpile(text));
  }
  writeFileSync(path.join(folder, 'run.js'), SCRIPT);
  const addon = process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node');
  const { stdout, stderr } = spawnSync(process.execPath, ['run.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LIBBPF_SUBSKEL_ADDON: addon },
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('done\n');
});
