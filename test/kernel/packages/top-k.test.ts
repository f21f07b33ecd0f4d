/** packages/top-k, in the kernel: every bound is held against exact counts. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TopK, type Summary } from '@libbpf-subskel/top-k';
import { BpfObject, type NumberVariable } from 'libbpf-subskel';
import { compileBpfSource, ROOT } from '../../support/compile';
import { linkBpf } from '../../support/link';
import { call, during, linkPackages, settled, systemCalls } from '../../support/packages';

const CALL = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <top_k.h>
char LICENSE[] SEC("license") = "GPL";
`;
const SOURCE = `
__u64 events;
__u64 refused;
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 200000);
	__type(key, __u64);
	__type(value, __u64);
} exact SEC(".maps");

SEC("syscall") int call(struct call *ctx)
{
	ctx->result = top_k_add(ctx->index, ctx->key, ctx->value);
	return 0;
}

static __always_inline void add(__u64 key, __u64 weight)
{
	__u64 none = 0, *count;

	bpf_map_update_elem(&exact, &key, &none, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&exact, &key);
	if (!count)
		return;
	__sync_fetch_and_add(count, weight);
	__sync_fetch_and_add(&events, weight);
	if (top_k_add(0, key, weight))
		__sync_fetch_and_add(&refused, weight);
}

/* Key k about as often as all keys up to 2k together; or all of them the same. */
SEC("raw_tp/sys_enter") int skewed(void *ctx)
{
	__u32 random = bpf_get_prandom_u32();

	add(random >> 16 & ((1 << (random & 15)) - 1), 1 + (random >> 30));
	return 0;
}

SEC("raw_tp/sys_enter") int uniform(void *ctx)
{
	add(bpf_get_prandom_u32() & 0x3fff, 1);
	return 0;
}
`;

/** The library, which waits to be released between the moment when it has read the epoch and the one when it is in the buffer. */
function linkSlowly(): Promise<string> {
  const folder = path.join(ROOT, 'packages/top-k/bpf');
  const source = readFileSync(path.join(folder, 'top_k.bpf.c'), 'utf8');
  const late = source
    .replace('epoch = *current;', 'epoch = *current; inside = 1; bpf_loop(1 << 22, wait, 0, 0); inside = 0;')
    .replace(
      'int top_k_add(',
      `volatile __u32 inside, released;
static long wait(__u64 i, void *context) { return released ? 1 : 0; }

int top_k_add(`,
    );
  const library = compileBpfSource(late, 'package_top_k_late', ['-mcpu=v2', '-I', folder]);
  const agent = `${CALL}
__u64 events;
__u32 only;
SEC("raw_tp/sys_enter") int late(void *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 != only)
		return 0;
	__sync_fetch_and_add(&events, 1);
	top_k_add(0, 1, 1);
	return 0;
}
`;
  const user = compileBpfSource(agent, 'package_top_k_slow', ['-mcpu=v2', '-I', folder]);
  return linkBpf(user.replace('.bpf.o', '.linked.bpf.o'), [user, library]);
}

let file = '';
beforeAll(async () => {
  file = await linkPackages('package_top_k', SOURCE, ['top-k']);
}, 60_000);

let object: BpfObject;
let topK: TopK;
beforeEach(() => {
  object = BpfObject.open(file);
  topK = new TopK(object);
});
afterEach(() => object.close());

const add = (key: bigint, weight = 1n, table = 0): bigint => call(object, 0, table, key, weight);
const variable = (name: string): number => Number(object.section('.bss').variables.get(name)?.value);
const exactCounts = (): Map<bigint, number> =>
  new Map([...object.map<bigint, bigint>('exact')].map(([key, count]) => [key, Number(count)]));

/** What is said of each key that there was, and of one that there was not. */
function expectBounds(summary: Summary, exact: ReadonlyMap<bigint, number>): void {
  expect(summary.total).toBe([...exact.values()].reduce((sum, count) => sum + count, 0));
  const wrong = [...exact, [1n << 40n, 0] as const].filter(([key, count]) => {
    const { atLeast, atMost } = summary.get(key);
    return !(atLeast <= count && count <= atMost);
  });
  expect(wrong).toEqual([]);
  const listed = new Set(summary.entries().map(({ key }) => key));
  const unlisted = [...exact].filter(([key]) => !listed.has(key));
  expect(Math.max(0, ...unlisted.map(([, count]) => count))).toBeLessThanOrEqual(summary.bound);
}

test('few keys are counted exactly; weights; intervals; tables of their own', async () => {
  object.load();
  for (const [key, weight] of [
    [1n, 5n],
    [2n, 7n],
    [1n, 4n],
    [(1n << 64n) - 1n, 1n],
    [0n, 3n],
    [9n, 0n],
  ] as const)
    expect(add(key, weight)).toBe(0n);
  expect(add(1n, 100n, 3)).toBe(0n);
  const summary = await topK.take();
  expect(summary.top(3)).toEqual([
    { key: 1n, atLeast: 9, atMost: 9, certain: true },
    { key: 2n, atLeast: 7, atMost: 7, certain: true },
    { key: 0n, atLeast: 3, atMost: 3, certain: true },
  ]);
  expect(summary.entries()).toHaveLength(4);
  expect(summary).toMatchObject({ total: 20, missed: 0, bound: 0 });
  expect(summary.get(9n)).toEqual({ key: 9n, atLeast: 0, atMost: 0 });
  // The next interval is in the other buffer, the one after it in the first again.
  for (const weight of [1n, 2n, 3n]) {
    add(2n, weight);
    expect((await topK.take()).entries()).toEqual([
      { key: 2n, atLeast: Number(weight), atMost: Number(weight) },
    ]);
  }
  expect((await topK.take()).entries()).toEqual([]);
  expect((await topK.take(3)).total).toBe(100);
});

test.each(['skewed', 'uniform'])(
  'all processors at once, %s keys, a single interval: what is known of each is true',
  async (name) => {
    object.load();
    const link = object.program(name).attach();
    await systemCalls(60_000);
    link.close();
    await settled();
    const summary = await topK.take();
    const exact = exactCounts();
    expect(summary.total).toBe(variable('events'));
    expect(summary.missed).toBe(variable('refused'));
    expectBounds(summary, exact);
    expect(exact.size).toBeGreaterThan(10_000);
    // 512 places per CPU: on an average a key without one has at most 1/512; in the fullest set, a few times that.
    expect(summary.bound).toBeLessThan(summary.total / 100);
    if (name === 'uniform') return;
    const ranked = [...exact].sort(([, a], [, b]) => b - a);
    const top = summary.top(10);
    const certain = top.filter((entry) => entry.certain);
    expect(certain.length).toBeGreaterThan(3);
    // Whatever is certain has at least as much as the tenth.
    for (const { key } of certain) expect(exact.get(key)).toBeGreaterThanOrEqual(ranked[9]![1]);
    expect(top[0]?.key).toBe(ranked[0]![0]);
  },
  60_000,
);

test('intervals that end while all processors count: each event is in exactly one', async () => {
  object.load();
  const link = object.program('skewed').attach();
  const intervals: Summary[] = [];
  await during(systemCalls(60_000), async () => void intervals.push(await topK.take()));
  link.close();
  await settled();
  intervals.push(await topK.take());
  expect(intervals.length).toBeGreaterThan(1);
  expect(intervals.reduce((sum, { total }) => sum + total, 0)).toBe(variable('events'));
  expect(intervals.reduce((sum, { missed }) => sum + missed, 0)).toBe(variable('refused'));
  const whole = intervals.reduce((all, interval) => all.merge(interval));
  expect(whole.entries().length).toBeLessThanOrEqual(4096);
  expectBounds(whole, exactCounts());
}, 60_000);

test('a program that meets another one in the buffer counts as missed, and take() waits for both', async () => {
  object.load();
  const { top_k_tables: tables } = topK.bpf.maps;
  const busy = (count: bigint): void =>
    void tables.set(
      0,
      tables.get(0)!.map((buffer) => ({ ...buffer, busy: count })),
    );
  add(1n, 10n);
  busy(1n);
  expect(add(1n, 5n)).toBe(-1n);
  const progress = { done: false };
  const taken = topK.take().finally(() => (progress.done = true));
  await settled();
  expect(progress.done).toBe(false);
  busy(0n);
  const summary = await taken;
  expect(summary).toMatchObject({ total: 15, missed: 5, bound: 5 });
  expect(summary.top(1)).toEqual([{ key: 1n, atLeast: 10, atMost: 15, certain: true }]);
});

test('a program that comes late, after its interval was read, adds to the next one', async () => {
  const slow = await linkSlowly();
  object.close();
  object = BpfObject.open(slow);
  topK = new TopK(object);
  object.load();
  const child = spawn('sh', ['-c', 'read line; exec dd if=/dev/zero of=/dev/null bs=1 count=30 status=none']);
  object.section('.bss').variables.get('only')!.value = child.pid!;
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const link = object.program('late').attach();
  child.stdin.end('go\n');
  const { variables } = object.section('.bss');
  const [inside, released] = ['inside', 'released'].map((name) => variables.get(name) as NumberVariable);
  const progress = { late: false };
  let total = 0;
  await during(ended, async () => {
    if (inside!.value === 0 || progress.late) return;
    total += (await topK.take()).total;
    progress.late = inside!.value === 1;
    released!.value = Number(progress.late);
  });
  link.close();
  // On a machine with nothing else to do, the first event; it gives up after some 50 ms.
  expect(progress.late).toBe(true);
  total += (await topK.take()).total;
  expect(total).toBe(variable('events'));
}, 60_000);

test('the seed divides the keys, and another object has another one', async () => {
  const other = BpfObject.open(file);
  const otherTopK = new TopK(other);
  const seed = topK.bpf.rodata.top_k_seed.value;
  expect(seed).not.toBe(otherTopK.bpf.rodata.top_k_seed.value);
  expect(new TopK(object).bpf.rodata.top_k_seed.value).toBe(seed);
  other.load();
  object.load();
  const summary = await topK.take();
  const foreign = await otherTopK.take();
  expect(() => summary.merge(foreign)).toThrow(/summaries of different objects/);
  other.close();
});

test('what cannot be', async () => {
  expect(() => (topK.tables = 17)).toThrow(/tables must be a whole number from 1 to 16, not 17/);
  topK.tables = 2;
  object.load();
  expect(() => topK.take(2)).toThrow(/table must be a whole number from 0 to 1, not 2/);
  expect([add(1n, 1n, 2), add(1n, 1n, 16)]).toEqual([-1n, -1n]);
  const both = Promise.all([topK.take(), topK.take()]);
  await expect(both).resolves.toHaveLength(2);
  const closed = topK.take();
  object.close();
  await expect(closed).rejects.toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});
