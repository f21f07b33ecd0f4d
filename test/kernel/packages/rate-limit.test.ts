/** packages/rate-limit, in the kernel: never more than rate and burst allow, on all processors at once. */
import { RateLimit } from '@libbpf-subskel/rate-limit';
import { BpfObject } from 'libbpf-subskel';
import { call, linkPackages, settled, systemCalls } from '../../support/packages';

const SOURCE = `
__u64 asked;
__u64 granted;

SEC("syscall") int call(struct call *ctx)
{
	if (ctx->op == 0)
		ctx->result = rate_limit_take(ctx->index, ctx->value);
	else
		ctx->result = rate_limit_take_key(ctx->index, ctx->key, ctx->value);
	return 0;
}

SEC("raw_tp/sys_enter") int on_enter(void *ctx)
{
	__sync_fetch_and_add(&asked, 1);
	if (rate_limit_take(0, 1))
		__sync_fetch_and_add(&granted, 1);
	return 0;
}

SEC("raw_tp/sys_enter") int on_enter_key(void *ctx)
{
	__sync_fetch_and_add(&asked, 1);
	if (rate_limit_take_key(0, 7, 1))
		__sync_fetch_and_add(&granted, 1);
	return 0;
}
`;
/** A bucket every 131 µs, which all processors find full, and empty, at the same time. */
const RACES = `
struct answers { __u64 asked; __u64 granted; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100000);
	__type(key, __u64);
	__type(value, struct answers);
} answers SEC(".maps");

SEC("raw_tp/sys_enter") int race(void *ctx)
{
	__u64 key = bpf_ktime_get_ns() >> 17;
	struct answers none = {}, *here;
	int i;

	bpf_map_update_elem(&answers, &key, &none, BPF_NOEXIST);
	here = bpf_map_lookup_elem(&answers, &key);
	if (!here)
		return 0;
	for (i = 0; i < 16; i++) {
		__sync_fetch_and_add(&here->asked, 1);
		if (rate_limit_take_key(0, key, 1))
			__sync_fetch_and_add(&here->granted, 1);
	}
	return 0;
}
`;
/** A rate at which nothing comes back during a test. */
const NEVER = 0.01;

let file = '';
beforeAll(async () => {
  file = await linkPackages('package_rate_limit', SOURCE + RACES, ['rate-limit']);
}, 60_000);

let object: BpfObject;
let limits: RateLimit;
beforeEach(() => {
  object = BpfObject.open(file);
  limits = new RateLimit(object);
});
afterEach(() => object.close());

const take = (tokens = 1n, limit = 0): boolean => call(object, 0, limit, 0n, tokens) === 1n;
const takeKey = (key: bigint, tokens = 1n, limit = 0): boolean => call(object, 1, limit, key, tokens) === 1n;
const times = (n: number, ask: () => boolean): number =>
  Array.from({ length: n }, ask).filter(Boolean).length;
const variable = (name: string): bigint => object.section('.bss').variables.get(name)?.value as bigint;

test('a full bucket gives its burst, and no more; each limit has its own, each key of each limit, too', () => {
  limits.configure(0, { rate: NEVER, burst: 5 }).configure(15, { rate: NEVER, burst: 3 });
  object.load();
  expect(times(9, () => take())).toBe(5);
  expect(times(9, () => take(1n, 15))).toBe(3);
  for (const key of [0n, 1n, (1n << 64n) - 1n]) {
    expect(times(9, () => takeKey(key))).toBe(5);
    expect(times(9, () => takeKey(key, 1n, 15))).toBe(3);
  }
  expect(limits.counts(0)).toEqual({ granted: 20, refused: 16, contended: 0 });
  expect(limits.reset(15)).toEqual({ granted: 12, refused: 24, contended: 0 });
  expect(limits.reset(15)).toEqual({ granted: 0, refused: 0, contended: 0 });
  expect(limits.forgetKey(0, 1n)).toBe(true);
  expect(limits.forgetKey(0, 1n)).toBe(false);
  expect(times(9, () => takeKey(1n))).toBe(5);
});

test('several tokens at once, all or none', () => {
  limits.configure(0, { rate: NEVER, burst: 10 });
  object.load();
  expect([take(11n), take(1n << 63n), take(7n), take(4n), take(3n), take(1n)]).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
  expect(take(0n)).toBe(true);
});

test('a limit that is not configured, or lifted, grants; one that cannot exist refuses', () => {
  object.load();
  expect(take(1n << 60n)).toBe(true);
  expect(take(1n, 16)).toBe(false);
  expect(takeKey(1n, 1n, 16)).toBe(false);
  limits.configure(0, { rate: NEVER, burst: 1 });
  expect([take(), take()]).toEqual([true, false]);
  limits.configure(0, { rate: 1e9, burst: 1000 });
  expect(take()).toBe(true);
  expect(limits.lift(0).counts(0)).toEqual({ granted: 3, refused: 1, contended: 0 });
  expect(times(5, () => take(1n << 60n))).toBe(5);
});

// Bytes, of which one is a fraction of a unit of time, in takes of 15000; and single events.
test.each([
  [5_000_000, 15_000n],
  [200, 1n],
])('%i tokens a second come back', (rate, tokens) => {
  const burst = rate / 10;
  limits.configure(0, { rate, burst });
  object.load();
  expect(take(BigInt(burst))).toBe(true);
  const began = process.hrtime.bigint();
  const passed = (): number => Number(process.hrtime.bigint() - began) / 1e9;
  limits.reset(0);
  while (passed() < 0.1) take(tokens);
  for (let i = 0; i < 50; i++) take(tokens);
  const granted = limits.counts(0).granted * Number(tokens);
  const seconds = passed();
  expect(granted).toBeLessThanOrEqual(seconds * rate + Number(tokens));
  // What comes back while nothing is asked is kept up to the burst, 0.1 seconds: a busy machine may stop us for longer.
  if (seconds < 0.15) expect(granted).toBeGreaterThan(0.9 * 0.1 * rate - Number(tokens));
});

test.each(['on_enter', 'on_enter_key'])(
  'all processors at once, %s: exactly the burst, and all is counted',
  async (program) => {
    const burst = 20_000;
    limits.configure(0, { rate: NEVER, burst });
    object.load();
    const link = object.program(program).attach();
    await systemCalls(100_000);
    link.close();
    await settled();
    const { granted, refused, contended } = limits.counts(0);
    expect(granted).toBe(burst);
    expect(variable('granted')).toBe(BigInt(burst));
    expect(BigInt(granted + refused + contended)).toBe(variable('asked'));
  },
  60_000,
);

test('thousands of buckets that all processors empty at the same moment: never one token more, never a token lost', async () => {
  const burst = 50;
  limits.configure(0, { rate: NEVER, burst });
  limits.maxKeys = 100_000;
  object.load();
  const link = object.program('race').attach();
  await systemCalls(20_000);
  link.close();
  await settled();
  const all = [...object.map<bigint, { asked: bigint; granted: bigint }>('answers')];
  const answers = all.map(([, answer]) => answer);
  expect(answers.length).toBeGreaterThan(100);
  expect(answers.filter(({ granted }) => granted > burst)).toEqual([]);
  expect(answers.filter(({ asked }) => asked > 4 * burst).length).toBeGreaterThan(50);
  // A refusal by contention is for the moment only, as long as a processor is stopped in the middle, say: what has not been
  // granted of any bucket is still there afterwards, and no more.
  const lost = all.filter(([key, { granted }]) => {
    const rest = BigInt(burst) - granted;
    return (rest > 0n && !takeKey(key, rest)) || takeKey(key);
  });
  expect(lost).toEqual([]);
}, 60_000);

test('all processors at once: the rate', async () => {
  const [rate, burst] = [100_000, 100];
  limits.configure(0, { rate, burst });
  object.load();
  const begin = process.hrtime.bigint();
  const link = object.program('on_enter').attach();
  await systemCalls(100_000);
  link.close();
  await settled();
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  const granted = Number(variable('granted'));
  expect(granted).toBeLessThanOrEqual(burst + rate * seconds);
  expect(granted).toBeGreaterThan(burst);
  expect(Number(variable('asked'))).toBeGreaterThan(granted);
}, 60_000);

test('what cannot be', () => {
  expect(() => limits.configure(16, { rate: 1, burst: 1 })).toThrow(
    /limit must be a whole number from 0 to 15, not 16/,
  );
  for (const rate of [0, -1, NaN, Infinity, 2e9])
    expect(() => limits.configure(0, { rate, burst: 1 })).toThrow(/rate must/);
  for (const burst of [0, 0.5, NaN])
    expect(() => limits.configure(0, { rate: 1, burst })).toThrow(/burst must/);
  expect(() => limits.configure(0, { rate: 1, burst: 1e9 })).toThrow(/longer than 52 days/);
  limits.maxKeys = 100;
  expect(limits.maxKeys).toBe(100);
});
