/** Maps shared with worker threads: typed there too, ring buffers included. */
import { compileBpfSource } from '../../support/compile';
import { runChild, scriptText } from '../../support/child';
import type { CASES } from './scripts/sharing';

const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct point { __u32 x; __u64 weight; };
struct event { __u32 number; __u64 square; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, struct point); __uint(max_entries, 16); } points SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
__u32 next;
const struct event *keep_event;
SEC("syscall") int produce(void *ctx) {
  struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
  if (!event) return 1;
  event->number = next;
  event->square = (__u64)next * next;
  next++;
  bpf_ringbuf_submit(event, 0);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

function run(name: keyof typeof CASES): unknown {
  const { stdout, stderr, status, signal } = runChild(scriptText(__dirname, 'sharing'), {
    file: compileBpfSource(SOURCE, 'sharing_maps'),
    worker: scriptText(__dirname, 'sharing-worker'),
    package: require.resolve('../../../dist/index.js'),
    name,
  });
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

test('typed, live, and it outlives the object that shared it', () => {
  expect(run('typed')).toEqual([
    ['hash', 'points', { x: 5, weight: '6' }],
    true,
    { x: 7, weight: '8' },
    8,
    [1, 2],
    'ERR_CLOSED',
    'ERR_CLOSED',
  ]);
});

test('a ring buffer is read by a worker, by the names of its object’s types', () => {
  expect(run('records')).toEqual([0, 1, 2, 3, 4].map((n) => [n, String(n * n)]));
});

test('maps of no object, and handles that are none', () => {
  expect(run('standalone')).toEqual([
    42,
    false,
    42,
    'ERR_INVALID_ARG',
    'ERR_INVALID_ARG',
    'ERR_CLOSED',
    'ERR_INVALID_ARG',
    'ERR_INVALID_ARG',
    'ERR_NOT_LOADED',
    'ERR_CLOSED',
  ]);
});
