/** Maps whose elements the kernel makes or takes away: sockets by descriptor, storage that programs fill. */
import { runChild } from '../../support/child';
import { compileBpfSource, compileSockets } from '../../support/compile';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#define MAP(name, TYPE, K, V, N, F) struct { __uint(type, BPF_MAP_TYPE_##TYPE); __type(key, K); __type(value, V); \\
	__uint(max_entries, N); __uint(map_flags, F); } name SEC(".maps")
#define BPF_MAP_TYPE_CGRP_STORAGE 32
struct seen { __u64 packets; __u32 length; };
struct cgroup;
MAP(sockmap, SOCKMAP, __u32, __u64, 4, 0);
MAP(sockmap32, SOCKMAP, __u32, __u32, 4, 0);
MAP(sockhash, SOCKHASH, __u64, __u64, 4, 0);
MAP(reuseport, REUSEPORT_SOCKARRAY, __u32, __u64, 4, 0);
MAP(xsks, XSKMAP, __u32, __u32, 4, 0);
MAP(of_cgroup, CGROUP_STORAGE, struct bpf_cgroup_storage_key, struct seen, 0, 0);
MAP(of_cgroup_percpu, PERCPU_CGROUP_STORAGE, struct bpf_cgroup_storage_key, struct seen, 0, 0);
MAP(of_cgroups, CGRP_STORAGE, int, struct seen, 0, BPF_F_NO_PREALLOC);
MAP(of_sockets, SK_STORAGE, int, struct seen, 0, BPF_F_NO_PREALLOC);
__u32 target_pid;
static void *(*storage_of_cgroup)(void *map, struct cgroup *cgroup, void *value, __u64 flags) = (void *)210;
SEC("cgroup_skb/egress") int count(struct __sk_buff *skb) {
  struct seen *one = bpf_get_local_storage(&of_cgroup, 0);
  __sync_fetch_and_add(&one->packets, 1);
  one->length = skb->len;
  struct seen *each = bpf_get_local_storage(&of_cgroup_percpu, 0);
  each->packets++;
  each->length = skb->len;
  struct bpf_sock *sk = skb->sk ? bpf_sk_fullsock(skb->sk) : 0;
  struct seen *socket = sk ? bpf_sk_storage_get(&of_sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE) : 0;
  if (socket) {
    __sync_fetch_and_add(&socket->packets, 1);
    socket->length = skb->len;
  }
  return 1;
}
SEC("tp_btf/cgroup_mkdir") int BPF_PROG(on_mkdir, struct cgroup *cgroup, const char *path) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  struct seen *seen = storage_of_cgroup(&of_cgroups, cgroup, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  if (seen) {
    seen->packets = 77;
    seen->length = target_pid;
  }
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

const HELPERS = `
const fs = require('node:fs');
const net = require('node:net');
const dgram = require('node:dgram');
const object = subskel.BpfObject.open(args.file);
object.section('.bss').variables.get('target_pid').value = process.pid;
object.load();
const map = (name) => object.map(name);
const sockets = () => fs.readdirSync('/proc/self/fd').filter((fd) => {
  try { return fs.readlinkSync('/proc/self/fd/' + fd).startsWith('socket:'); } catch { return false; }
});
const failed = (use) => { try { return ['nothing', use()]; } catch (error) { return error.code; } };
const once = (emitter, event) => new Promise((done) => emitter.once(event, done));
const until = async (condition) => {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise((done) => setTimeout(done, 5));
  return condition();
};
const tell = (value) => console.log(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)));
const connected = async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  const [peer] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  return { server, client, peer, close: () => { for (const each of [client, peer]) each.destroy(); server.close(); } };
};
const inCgroup = async (work) => {
  const unified = /^\\S+ (\\S+) cgroup2/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))[1];
  const before = unified + /^0::(.*)$/m.exec(fs.readFileSync('/proc/self/cgroup', 'utf8'))[1];
  const folder = unified + '/subskel-filled-' + process.pid;
  fs.mkdirSync(folder);
  fs.writeFileSync(folder + '/cgroup.procs', String(process.pid));
  try { return await work(folder); } finally {
    fs.writeFileSync(before + '/cgroup.procs', String(process.pid));
    fs.rmdirSync(folder);
  }
};
`;

function run(body: string): unknown {
  const script = `${HELPERS}(async () => {${body}; object.close();})();`;
  const file = compileBpfSource(SOURCE, 'maps_filled');
  const { stdout, stderr, status, signal } = runChild(
    script,
    { file },
    ['--no-deprecation'],
    [compileSockets()],
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout) as unknown;
}

test('sockmap and sockhash: set by descriptor, read as the socket’s cookie, gone with the socket', () => {
  const answer = run(`
    const { server, client, peer, close } = await connected();
    const fd = client._handle.fd;
    map('sockmap').set(1, BigInt(fd)).set(2, BigInt(peer._handle.fd));
    map('sockmap32').set(0, fd);
    map('sockhash').set(7n, BigInt(fd)).set(8n, BigInt(server._handle.fd));
    const [cookie, other] = [map('sockmap').get(1), map('sockmap').get(2)];
    const same = map('sockhash').get(7n) === cookie && cookie !== other && cookie !== BigInt(fd);
    const keys = [...map('sockhash').keys()].sort();
    const entries = [...map('sockmap').entries()].map(([key, value]) => [key, value === (key === 1 ? cookie : other)]);
    const small = [failed(() => map('sockmap32').get(0)), failed(() => map('sockmap32').toMap())];
    const flags = [failed(() => map('sockhash').set(7n, BigInt(fd), subskel.BPF_NOEXIST)), failed(() => map('sockhash').set(9n, BigInt(fd), subskel.BPF_EXIST))];
    const again = map('sockmap').set(1, BigInt(fd)).get(1) === cookie;
    const deleted = [map('sockhash').delete(8n), map('sockhash').delete(8n), map('sockmap').get(3)];
    const taken = failed(() => map('sockhash').take(7n));
    close();
    await until(() => map('sockmap').get(1) === undefined);
    const after = [[...map('sockmap').keys()], [...map('sockhash').keys()]];
    tell({ same, keys, entries, small, flags, again, deleted, taken, after });`);
  expect(answer).toEqual({
    same: true,
    keys: ['7', '8'],
    entries: [
      [1, true],
      [2, true],
    ],
    small: ['ENOSPC', 'ENOSPC'],
    flags: ['EEXIST', 'ENOENT'],
    again: true,
    deleted: [true, false, null],
    taken: 'ENOTSUPP',
    after: [[], []],
  });
});

test('reuseport_sockarray: sockets of a group of SO_REUSEPORT only', () => {
  const answer = run(`
    map('reuseport').set(2, 100n);
    const cookie = map('reuseport').get(2) > 0n;
    const refused = [101n, 102n, BigInt(fs.openSync('/dev/null'))].map((fd) => failed(() => map('reuseport').set(1, fd)));
    const taken = failed(() => map('reuseport').set(3, 100n));
    const gone = [map('reuseport').delete(2), map('reuseport').delete(2), map('reuseport').get(2)];
    map('reuseport').set(3, 100n);
    fs.closeSync(100);
    await until(() => map('reuseport').get(3) === undefined);
    tell({ cookie, refused, taken, gone, after: map('reuseport').has(3) });`);
  expect(answer).toEqual({
    cookie: true,
    refused: ['EINVAL', 'ENOTSUPP', 'ENOTSOCK'],
    taken: 'EBUSY',
    gone: [true, false, null],
    after: false,
  });
});

test('xskmap: sockets of AF_XDP only, which cannot be read', () => {
  const answer = run(`
    map('xsks').set(1, 102);
    tell([failed(() => map('xsks').get(1)), failed(() => map('xsks').set(2, 100)), failed(() => map('xsks').set(0, 102, subskel.BPF_EXIST)), map('xsks').delete(1)]);`);
  expect(answer).toEqual(['EOPNOTSUPP', 'EOPNOTSUPP', 'ENOENT', true]);
});

test('cgroup_storage, per CPU too, and sk_storage: what a program has counted', () => {
  const answer = run(`
    await inCgroup(async (folder) => {
      const link = object.program('count').attachCgroup(folder);
      const others = sockets();
      const socket = dgram.createSocket('udp4');
      await new Promise((done) => socket.bind(0, '127.0.0.1', done));
      for (let i = 0; i < 5; i++) await new Promise((done) => socket.send('x'.repeat(12), 9, '127.0.0.1', done));
      const inode = BigInt(fs.statSync(folder).ino);
      const keys = [...map('of_cgroup').keys()];
      const [key] = keys;
      const one = map('of_cgroup').get(key);
      const each = map('of_cgroup_percpu').get(key);
      const sum = each.reduce((total, { packets }) => total + packets, 0n);
      map('of_cgroup').set(key, { packets: 100n, length: 1 });
      await new Promise((done) => socket.send('y', 9, '127.0.0.1', done));
      const told = map('of_cgroup').get(key).packets;
      const ofSocket = map('of_sockets').get(Number(sockets().find((fd) => !others.includes(fd))));
      const walked = [...map('of_cgroup').entries()].length;
      const deleted = failed(() => map('of_cgroup').delete(key));
      socket.close();
      link.close();
      tell({ ours: key.cgroup_inode_id === inode, count: keys.length, one, cpus: each.length === subskel.kernel.possibleCpus, sum, told, ofSocket, walked, deleted });
    });`);
  expect(answer).toEqual({
    ours: true,
    count: 1,
    one: { packets: '5', length: 40 },
    cpus: true,
    sum: '5',
    told: '101',
    ofSocket: { packets: '6', length: 29 },
    walked: 1,
    deleted: 'EINVAL',
  });
});

test('cgrp_storage: what a program has stored for a cgroup, by its descriptor', () => {
  const answer = run(`
    const link = object.program('on_mkdir').attach();
    await inCgroup((folder) => {
      const fd = fs.openSync(folder, 'r');
      const { packets, length } = map('of_cgroups').get(fd);
      const parent = fs.openSync(folder + '/..', 'r');
      tell([packets, length === process.pid, map('of_cgroups').get(parent) ?? null, map('of_cgroups').delete(fd), map('of_cgroups').has(fd)]);
      for (const each of [fd, parent]) fs.closeSync(each);
    });
    link.close();`);
  expect(answer).toEqual(['77', true, null, true, false]);
});
