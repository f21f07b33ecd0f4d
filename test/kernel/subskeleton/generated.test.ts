/** Generated modules at work: a skeleton that owns the object, a library's subskeleton on it, with the kernel. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtPackage, transpile } from '../../support/built-package';
import { compileBpfSource, ROOT } from '../../support/compile';
import { cli } from '../../support/run-cli';
import { typeErrors } from '../../support/type-check';

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
// Two more links of one program, which \`links\` does not have.
const more = [skeleton.progs.on_enter.attach(), skeleton.progs.on_enter.attachRawTracepoint('sys_enter')];
assert.equal(skeleton.object.links.length, 3);
skeleton.detach();
assert.deepEqual([...more.map(({ closed }) => closed), skeleton.object.links.length], [true, true, 0]);
const twice = Part.open(skeleton);
twice.attach();
// Its own links, and not the object's other ones.
const other = skeleton.progs.on_enter.attach();
const mine = twice.links.on_enter;
twice.attach();
assert.equal(twice.links.on_enter, mine);
require('node:fs').statSync('.');
twice.close();
twice.close();
assert.deepEqual([mine.closed, other.closed], [true, false]);
assert.throws(() => twice.attach(), { code: 'ERR_CLOSED' });
assert.throws(() => twice.links, { code: 'ERR_CLOSED' });
twice.detach();
skeleton.detach();
assert.throws(() => Part.open({ object: {} }), /object must be a BpfObject, a LoadedObject or a skeleton, not/);
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

function runIn(folder: string, script: string): { stderr: string; stdout: string } {
  const addon = process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node');
  const { stdout, stderr } = spawnSync(process.execPath, [script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, LIBBPF_SUBSKEL_ADDON: addon },
  });
  return { stderr, stdout };
}

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
  expect(runIn(folder, 'run.js')).toEqual({ stderr: '', stdout: 'done\n' });
});

const RINGS = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
enum kind { OPENED = 1, CLOSED = 7 };
struct opened { enum kind kind; __u32 fd; struct { __u64 inode; } file; void *where; __u64 sizes[2]; };
struct closed { enum kind kind; __s64 result; };
struct plain { __u32 number; };
struct opened last;
const struct closed *unused_closed __attribute__((unused));
const struct plain *unused_plain __attribute__((unused));
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); __type(value, struct closed); } declared SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __type(key, __u32); __type(value, struct closed); } per_cpu SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, struct closed); } results SEC(".maps");
SEC("syscall") int produce(void *ctx) {
  struct opened opened = {.kind = OPENED, .fd = 5, .file = {.inode = 1ULL << 40}, .where = &last};
  struct closed closed = {.kind = CLOSED, .result = -2};
  last.file.inode = 3;
  bpf_ringbuf_output(&events, &opened, sizeof(opened), 0);
  bpf_ringbuf_output(&events, &closed, sizeof(closed), 0);
  bpf_ringbuf_output(&declared, &closed, sizeof(closed), 0);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

/** Each line compiles, or does not where it says so; and then it is run: the types are what comes. */
const ringUses = (int64: 'bigint' | 'number'): string => `
import assert from 'node:assert';
import { BpfMap, PerfBuffer, RingBuffer } from 'libbpf-subskel';
import { Rings, type opened, type closed, type RingsRecords } from './rings.skel';
const rings = Rings.openAndLoad();
const { events, declared, results, per_cpu } = rings.maps;
const produce = (): void => void rings.progs.produce.testRun();
const rest = (error: unknown): void => assert.equal((error as Error).name, 'TimeoutError');
async function one<T>(records: AsyncIterable<T>): Promise<T> {
  produce();
  for await (const record of records) return record;
  throw new Error('none');
}
async function drain(): Promise<void> {
  try { for await (const record of events.records(undefined, { signal: AbortSignal.timeout(1) })) void record; } catch (error) { rest(error); }
}
async function main(): Promise<void> {
  const asIs = await one(events.records('struct opened'));
  await drain();
  const asBigInts = await one(events.records('struct opened', { int64: 'bigint' }));
  await drain();
  const asNumbers = await one(events.records('struct opened', { int64: 'number', busyPoll: false }));
  await drain();
  const inodes: [${int64}, bigint, number] = [asIs.file.inode, asBigInts.file.inode, asNumbers.file.inode];
  assert.deepEqual(inodes, [${int64 === 'bigint' ? '2n ** 40n' : '2 ** 40'}, 2n ** 40n, 2 ** 40]);
  // Pointers and arrays stay what they are.
  const where: bigint = asNumbers.where;
  const sizes: BigUint64Array = asNumbers.sizes;
  assert.deepEqual([typeof where, sizes.length], ['bigint', 2]);
  // @ts-expect-error a number
  const wrong: ${int64 === 'bigint' ? 'number' : 'bigint'} = asIs.file.inode;
  // @ts-expect-error a number
  const wrongNumber: bigint = asNumbers.file.inode;
  // @ts-expect-error a bigint
  const wrongBigInt: number = asBigInts.file.inode;
  const whole: opened = asIs;
  const wholeNumbers: opened<number> = asNumbers;
  const wholeBigInts: opened<bigint> = asBigInts;

  const tagged = events.records({ tag: 'kind', types: { OPENED: 'struct opened', 7: 'struct closed' } }, { int64: 'number' });
  produce();
  const seen: (opened<number> | closed<number>)[] = [];
  for await (const record of tagged) {
    if ('result' in record) {
      const result: number = record.result;
      assert.equal(result, -2);
    }
    // @ts-expect-error only one of them has it
    void record.fd;
    if (seen.push(record) === 2) break;
  }
  assert.deepEqual(seen.map(({ kind }) => kind), [1, 7]);
  const alone = await one(events.records({ tag: 'kind', types: { 1: 'struct opened' } }));
  await drain();
  const alonesInode: ${int64} = alone.file.inode;
  const options: { int64: 'number' | 'bigint' } = { int64: 'number' };
  const either = await one(events.records('struct opened', options));
  await drain();
  const inode: bigint | number = either.file.inode;
  // @ts-expect-error either
  const notNumber: number = either.file.inode;
  // @ts-expect-error no such option
  assert.throws(() => events.records('struct opened', { int64: 'string' }));

  // Readers, and what follows int64.
  const reader = new RingBuffer(events, { type: 'struct opened' });
  produce();
  const consumed = reader.consume();
  assert.deepEqual(consumed.map(({ file }) => file.inode), [${int64 === 'bigint' ? '2n ** 40n' : '2 ** 40'}]);
  // What comes next is another struct.
  assert.throws(() => reader.consume(), { code: 'ERR_RECORD' });
  reader.close();
  await drain();
  produce();
  const followed = new RingBuffer(events.withInt64('number'), { type: { tag: 'kind', types: { 1: 'struct opened', 7: 'struct closed' } } });
  const [first] = followed.consume();
  if (first === undefined || !('file' in first)) throw new Error('no record');
  const followedInode: number = first.file.inode;
  assert.equal(followedInode, 2 ** 40);
  followed.close();
  // What the definition says is what the records are.
  assert.deepEqual([declared.valueType, declared.valueSize, per_cpu.valueSize], ['struct closed', 0, 4]);
  const itself = new RingBuffer(declared);
  const results_: ${int64}[] = itself.consume().map(({ result }) => result);
  assert.deepEqual([results_.length > 0, results_[0]], [true, ${int64 === 'bigint' ? '-2n' : '-2'}]);
  itself.close();
  const declaredResult: number = (await one(declared.withInt64('number').records())).result;
  assert.equal(declaredResult, -2);
  const raw: Uint8Array = await one(declared.records(null));
  assert.equal(raw.length, 16);
  const shared = BpfMap.openShared(declared.share());
  assert.equal((await one(shared.records<closed>())).result, ${int64 === 'bigint' ? '-2n' : '-2'});
  shared.close();
  assert.throws(() => declared.get(new Uint8Array(0)));
  const decoded: closed = rings.decode('struct closed', raw);
  const decodedNumbers: closed<number> = rings.decode('struct closed', raw, { int64: 'number' });
  assert.deepEqual([decoded.result, decodedNumbers.result], [${int64 === 'bigint' ? '-2n' : '-2'}, -2]);
  const perf = new PerfBuffer(per_cpu);
  const none_: closed[] = perf.consume();
  perf.close();
  const lossy = per_cpu.records(null);
  assert.deepEqual([none_, lossy.lost, events.records().lost], [[], 0, undefined]);

  // Variables are bigints always.
  const last: bigint = rings.bss.last.read().file.inode;
  assert.equal(last, 3n);
  results.set(0, { kind: 1, result: ${int64 === 'bigint' ? '5n' : '5'} });
  const result: ${int64} | undefined = results.get(0)?.result;
  assert.equal(result, ${int64 === 'bigint' ? '5n' : '5'});
  const none: RingsRecords['struct plain'] = { number: 1 };
  rings.close();
  // @ts-expect-error the types are those of ${int64}s
  Rings.openAndLoad({ int64: '${int64 === 'bigint' ? 'number' : 'bigint'}' }).close();
  Rings.open({ int64: '${int64}', logLevel: 'warn' }).close();
  void [wrong, wrongNumber, wrongBigInt, whole, wholeNumbers, wholeBigInts, inode, notNumber, none, alonesInode];
  console.log('done');
}
void main();
`;

test.each(['bigint', 'number'] as const)(
  'records of generated maps, --int64 %s: what the types say is what comes',
  async (int64) => {
    const object = compileBpfSource(RINGS, 'generated_rings');
    const folder = folderFor(`rings-${int64}`);
    const { stderr, status } = await cli([
      'gen',
      'skeleton',
      object,
      '--name',
      'rings',
      '--out-dir',
      folder,
      '--type',
      'struct plain',
      '--int64',
      int64,
    ]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const module = readFileSync(path.join(folder, 'rings.skel.ts'), 'utf8');
    const uses = ringUses(int64);
    expect(
      typeErrors(
        new Map([
          ['rings.skel.ts', module],
          ['uses.ts', uses],
        ]),
      ),
    ).toEqual([]);
    writeFileSync(path.join(folder, 'rings.skel.js'), transpile(module));
    writeFileSync(path.join(folder, 'uses.js'), transpile(uses));
    expect(runIn(folder, 'uses.js')).toEqual({ stderr: '', stdout: 'done\n' });
  },
  60_000,
);
