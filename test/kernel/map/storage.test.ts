/** Storage made without an object: the kernel takes it with BTF only. Each with what its values belong to. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { createServer } from 'node:net';
import {
  ArgumentError,
  BpfMap,
  BpfObject,
  BPF_EXIST,
  BPF_NOEXIST,
  BPF_F_LOCK,
  BPF_F_NO_PREALLOC,
  Btf,
  Pidfd,
  type ElementType,
} from '../../../lib';
import { compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct usage { struct bpf_spin_lock lock; __u32 hits; __u64 bytes; char name[8]; };
struct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, struct usage); } tasks SEC(".maps");
__u64 bytes;
SEC("syscall") int run(void *ctx) { bytes++; return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

const file = (): string => compileBpfSource(SOURCE, 'maps_storage');
const open: { close(): void }[] = [];
const keep = <T extends { close(): void }>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const storage = (type: string, value: ElementType = 'u64'): BpfMap<number, bigint> =>
  keep(BpfMap.create<number, bigint>({ type, name: 'stored', value }));

/** All operations that storage has, on one key. */
function use(map: BpfMap<number, bigint>, key: number): void {
  expect([map.get(key), map.has(key), map.delete(key)]).toEqual([undefined, false, false]);
  expect(thrownBy(() => map.set(key, 1n, BPF_EXIST))).toHaveProperty('code', 'ENOENT');
  map.set(key, 5n, BPF_NOEXIST);
  expect(thrownBy(() => map.set(key, 6n, BPF_NOEXIST))).toHaveProperty('code', 'EEXIST');
  map.set(key, 6n);
  expect([map.get(key), map.has(key)]).toEqual([6n, true]);
  expect(thrownBy(() => map.take(key))).toHaveProperty('code', 'ENOTSUPP');
  expect(thrownBy(() => map.toMap())).toHaveProperty('code', 'ENOTSUPP');
  expect(thrownBy(() => map.clear())).toHaveProperty('code', 'ENOTSUPP');
  expect([map.setMany([[key, 7n]]), map.get(key)]).toEqual([1, 7n]);
  expect([map.deleteMany([key]), map.get(key)]).toEqual([1, undefined]);
  expect(() => map.get('1' as never)).toThrow(ArgumentError);
}

const temporary = <T>(fd: number, work: (fd: number) => T): T => {
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
};

test('what the kernel has of it', () => {
  const map = storage('task_storage');
  expect(map).toMatchObject({ keyType: 'int', valueType: 'u64', maxEntries: 0, flags: BPF_F_NO_PREALLOC });
  expect(map.info().btfId).toBeGreaterThan(0);
  expect(keep(BpfMap.fromFd(map.fd))).toMatchObject({ keyType: 'int', valueType: 'u64' });
});

test('of tasks: this process, another one, a thread', async () => {
  const map = storage('task_storage');
  const own = keep(Pidfd.open(process.pid));
  use(map, own.fd);
  map.set(own.fd, 1n);
  expect(map.get(keep(Pidfd.open(process.pid)).fd)).toBe(1n);

  const child = spawn('sleep', ['60']);
  const gone = new Promise((done) => child.once('exit', done));
  const other = keep(Pidfd.open(child.pid ?? -1));
  map.set(other.fd, 2n);
  expect([map.get(other.fd), map.get(own.fd)]).toEqual([2n, 1n]);
  child.kill();
  await gone;
  expect(thrownBy(() => map.set(other.fd, 3n))).toHaveProperty('code', 'ENOENT');

  const thread = Number(readdirSync('/proc/self/task').find((id) => Number(id) !== process.pid));
  expect(thrownBy(() => Pidfd.open(thread)).code).toMatch(/EINVAL|ENOENT/);
  const pidfd = keep(Pidfd.open(thread, { thread: true }));
  map.set(pidfd.fd, 4n);
  expect([map.get(pidfd.fd), map.get(own.fd)]).toEqual([4n, 1n]);
});

test('of sockets', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  use(storage('sk_storage'), fd);
  await new Promise((done) => server.close(done));
});

test('of inodes', () => {
  temporary(openSync('/proc/self/exe', 'r'), (fd) => use(storage('inode_storage'), fd));
});

test('of cgroups', () => {
  const mounted = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1];
  const folder = `${mounted ?? '/nowhere'}/libbpf-subskel-storage-${String(process.pid)}`;
  mkdirSync(folder);
  try {
    temporary(openSync(folder, 'r'), (fd) => use(storage('cgrp_storage'), fd));
  } finally {
    rmdirSync(folder);
  }
});

test.each([
  ['task_storage', /EBADF|EINVAL/],
  ['sk_storage', /ENOTSOCK/],
  ['cgrp_storage', /EBADF/],
])('%s refuses a file that is none of its own', (type, code) => {
  temporary(openSync('/dev/null', 'r'), (fd) => {
    expect(thrownBy(() => storage(type).set(fd, 1n)).code).toMatch(code);
  });
});

test('a struct with a spin lock, typed by a Btf; a program of an object uses the map', () => {
  const usage = Btf.fromFile(file()).type('struct usage');
  const map = keep(
    BpfMap.create<number, { hits: number; bytes: bigint; name: { string: string } }>({
      type: 'task_storage',
      name: 'tasks',
      value: usage,
    }),
  );
  const { fd } = keep(Pidfd.open(process.pid));
  map.set(fd, { hits: 3, bytes: 2n ** 40n, name: 'node' as never }, BPF_F_LOCK);
  expect(map.get(fd, BPF_F_LOCK)).toMatchObject({ hits: 3, bytes: 2n ** 40n });
  const object = keep(BpfObject.open(file()));
  object.map('tasks').reuse(map);
  object.load();
  expect(object.map('tasks').get(fd)).toMatchObject({ hits: 3 });
});

describe('Pidfd', () => {
  test('is closed once, and says so', () => {
    const pidfd = Pidfd.open(process.pid);
    expect([pidfd.pid, pidfd.closed, pidfd.fd > 2]).toEqual([process.pid, false, true]);
    pidfd.close();
    pidfd[Symbol.dispose]();
    expect([pidfd.closed, pidfd.fd]).toEqual([true, -1]);
  });

  test.each<readonly [string, () => unknown, string]>([
    ['no pid', () => Pidfd.open(0), 'ERR_INVALID_ARG'],
    ['no number', () => Pidfd.open('1' as never), 'ERR_INVALID_ARG'],
    ['an unknown option', () => Pidfd.open(1, { threads: true } as never), 'ERR_INVALID_ARG'],
    ['nobody', () => Pidfd.open(0x7fff_fff0), 'ESRCH'],
  ])('%s', (_, work, code) => {
    expect(thrownBy(work)).toHaveProperty('code', code);
  });
});
