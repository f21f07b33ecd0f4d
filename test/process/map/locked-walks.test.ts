/** What is seen of one value while another thread replaces it: with its spin lock held, and of maps in maps. */
import { compileBpfSource } from '../../support/compile';
import { runChild, scriptText } from '../../support/child';
import type { WALKS } from './scripts/locked-walks';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct locked { struct bpf_spin_lock lock; __u32 first; __u32 numbers[500]; };
#define MAP(name, TYPE, F) struct { __uint(type, BPF_MAP_TYPE_##TYPE); __type(key, __u32); __type(value, struct locked); \\
	__uint(max_entries, 8); __uint(map_flags, F); } name SEC(".maps")
MAP(hash, HASH, 0);
MAP(hash_dynamic, HASH, BPF_F_NO_PREALLOC);
MAP(array, ARRAY, 0);
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __u32); __uint(max_entries, 2); };
struct { __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __type(key, __u32); __uint(max_entries, 4); __array(values, struct inner); } hash_of SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __type(key, __u32); __uint(max_entries, 4); __array(values, struct inner); } array_of SEC(".maps");
SEC("syscall") int run(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

function run(script: string, more: Readonly<Record<string, unknown>>): unknown {
  const { stdout, stderr, status, signal } = runChild(scriptText(__dirname, script), {
    file: compileBpfSource(SOURCE, 'maps_races'),
    package: require.resolve('../../../dist/index.js'),
    worker: scriptText(__dirname, 'replacing-worker'),
    ...more,
  });
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout) as unknown;
}

describe.each(['hash', 'hash_dynamic', 'array'])('BPF_F_LOCK: %s, nobody sees half of a change', (map) => {
  test.each<keyof typeof WALKS>(['entries', 'values', 'batches', 'rawBatches', 'get'])('%s', (walk) => {
    expect(run('locked-walks', { map, walk })).toEqual({ halves: 0, enough: true });
  });
});

test.each(['hash_of', 'array_of'])('inner() of %s finds one of those that replace each other', (map) => {
  expect(run('inner-maps', { map })).toEqual({ failed: {}, backwards: 0, enough: true });
});
