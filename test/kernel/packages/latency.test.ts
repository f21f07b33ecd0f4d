/** packages/latency, in the kernel: what is counted is held against the values themselves. */
import { Latency, type LinearScale, type LogScale, type Snapshot } from '@libbpf-subskel/latency';
import { BpfObject, LoadedObject } from 'libbpf-subskel';
import { call, during, linkPackages, settled, systemCalls } from '../../support/packages';

const SOURCE = `
__u64 events;
__u64 total;

SEC("syscall") int call(struct call *ctx)
{
	switch (ctx->op) {
	case 0: ctx->result = latency_record(ctx->index, ctx->value); break;
	case 1: ctx->result = latency_start(ctx->key); break;
	case 2: ctx->result = latency_end(ctx->key, ctx->index); break;
	case 3: ctx->result = latency_cancel(ctx->key); break;
	}
	return 0;
}

SEC("raw_tp/sys_enter") int on_enter(void *ctx)
{
	__u64 value = bpf_get_prandom_u32() & 0xfffff;

	latency_record(0, value);
	__sync_fetch_and_add(&events, 1);
	__sync_fetch_and_add(&total, value);
	return 0;
}
`;
const [RECORD, START, END, CANCEL] = [0, 1, 2, 3];

let file = '';
beforeAll(async () => {
  file = await linkPackages('package_latency', SOURCE, ['latency']);
}, 60_000);

let object: BpfObject;
let latency: Latency;
beforeEach(() => {
  object = BpfObject.open(file);
  latency = new Latency(object);
});
afterEach(() => object.close());

test('on what another one has loaded', () => {
  object.load();
  const loaded = LoadedObject.fromProgram(object.program('call').info().id);
  const histogram = new Latency(loaded).histogram();
  record(100n);
  record(100n);
  expect(histogram.read().count).toBe(2);
  loaded.close();
});

const record = (value: bigint, histogram = 0): bigint => call(object, RECORD, histogram, 0n, value);

test.each([0, 1, 2, 3])('a logarithmic scale of precision %i: each value is in its bin', (precision) => {
  latency.configure(0, { scale: 'log2', precision });
  object.load();
  const histogram = latency.histogram();
  const powers = Array.from({ length: 64 }, (_, power) => 1n << BigInt(power));
  const values = [
    0n,
    ...powers.flatMap((power) => [power - 1n, power, power + (power >> 1n)]),
    (1n << 64n) - 1n,
  ];
  for (const value of values) {
    expect(record(value)).toBe(0n);
    const [bin, ...others] = histogram.reset().bins();
    expect(others).toEqual([]);
    const { from = NaN, to = NaN, count } = bin ?? {};
    expect(count).toBe(1);
    // Beyond 2^53 the borders are powers of two, or sums of few: exact as numbers, too.
    expect({ value, within: BigInt(from) <= value && value < BigInt(to) }).toEqual({ value, within: true });
    expect(to - from).toBeLessThanOrEqual(Math.max(1, from / 2 ** precision));
  }
});

test('percentiles are the true ones, up to the width of a bin; mean and sum are exact', () => {
  const scales: [LogScale | LinearScale, (true_: number) => number][] = [
    [{ scale: 'log2' }, (value) => value + Math.max(1, value / 8)],
    [{ scale: 'linear', width: 1000 }, (value) => value + 1000],
  ];
  for (const [index, [scale]] of scales.entries()) latency.configure(index, scale);
  object.load();
  const values = Array.from({ length: 1000 }, (_, i) => Math.floor(1.011 ** i) + ((i * 7919) % 97));
  for (const [index] of scales.entries()) for (const value of values) record(BigInt(value), index);
  values.sort((a, b) => a - b);
  for (const [index, [, atMost]] of scales.entries()) {
    const snapshot = latency.histogram(index).read();
    expect(snapshot.count).toBe(values.length);
    expect(snapshot.sum).toBe(BigInt(values.reduce((sum, value) => sum + value)));
    expect(snapshot.mean).toBe(Number(snapshot.sum) / values.length);
    for (const percent of [0, 1, 50, 90, 99, 99.9, 100]) {
      const value = values[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)]!;
      const percentile = snapshot.percentile(percent)!;
      expect(percentile).toBeGreaterThan(value);
      expect(percentile).toBeLessThanOrEqual(atMost(value));
    }
  }
  expect(latency.histogram(1).read().percentiles([50, 99])).toEqual({
    p50: latency.histogram(1).read().percentile(50),
    p99: latency.histogram(1).read().percentile(99),
  });
});

test('a linear scale: the last bin has no end', () => {
  latency.configure(3, { scale: 'linear', width: 10n });
  object.load();
  for (const value of [0n, 9n, 10n, 5109n, 5110n, 1n << 63n]) record(value, 3);
  expect(latency.histogram(3).read().bins()).toEqual([
    { from: 0, to: 10, count: 2 },
    { from: 10, to: 20, count: 1 },
    { from: 5100, to: 5110, count: 1 },
    { from: 5110, to: Infinity, count: 2 },
  ]);
  expect(latency.histogram(3).read().percentile(100)).toBe(Infinity);
});

test('from start to end, by key; what is lost is counted', () => {
  latency.maxStarts = 3;
  object.load();
  const before = process.hrtime.bigint();
  for (const key of [1n, 2n, 3n]) expect(call(object, START, 0, key)).toBe(0n);
  expect(call(object, START, 0, 4n)).toBe(-1n);
  const first = call(object, END, 0, 1n);
  const second = call(object, END, 0, 2n);
  expect(first).toBeGreaterThan(0n);
  expect(second).toBeLessThan(process.hrtime.bigint() - before);
  expect(latency.histogram().read()).toMatchObject({ count: 2, sum: first + second });
  expect(call(object, END, 0, 1n)).toBe(-1n);
  expect(call(object, CANCEL, 0, 3n)).toBe(0n);
  expect(call(object, CANCEL, 0, 3n)).toBe(-1n);
  expect(record(1n, 4)).toBe(-1n);
  expect(latency.lost()).toEqual({ full: 1, unstarted: 1, outOfRange: 1 });

  call(object, START, 0, 5n);
  expect(latency.forgetStarts(60e9)).toBe(0);
  expect(latency.forgetStarts(0)).toBe(1);
  expect(call(object, END, 0, 5n)).toBe(-1n);
});

test('reset while all processors count: each event is in exactly one interval', async () => {
  object.load();
  const link = object.program('on_enter').attach();
  const variables = object.section('.bss').variables;
  const histogram = latency.histogram();
  const intervals: Snapshot[] = [];
  await during(systemCalls(100_000), () => void intervals.push(histogram.reset()));
  link.close();
  await settled();
  intervals.push(histogram.reset());
  const whole = intervals.reduce((sum, interval) => sum.merge(interval));
  expect(intervals.length).toBeGreaterThan(2);
  expect(BigInt(whole.count)).toBe(variables.get('events')?.value);
  expect(whole.sum).toBe(variables.get('total')?.value);
  expect(histogram.read().count).toBe(0);
  expect(
    new Latency(object)
      .histogram()
      .perCpu()
      .reduce((sum, { count }) => sum + count, 0),
  ).toBe(whole.count);
}, 60_000);

test('what cannot be', () => {
  expect(() => latency.configure(16, { scale: 'log2' })).toThrow(
    /histogram must be a whole number from 0 to 15, not 16/,
  );
  expect(() => latency.configure(0, { scale: 'log2', precision: 4 })).toThrow(
    /precision must be .* from 0 to 3, not 4/,
  );
  expect(() => latency.configure(0, { scale: 'linear', width: 0.5 })).toThrow(/width must be a whole number/);
  expect(() => latency.histogram(4)).toThrow(/from 0 to 3, not 4/);
  latency.configure(5, { scale: 'linear', width: 1 });
  object.load();
  expect(() => latency.configure(0, { scale: 'log2' })).toThrow(
    expect.objectContaining({ code: 'ERR_READ_ONLY' }),
  );
  const empty = latency.histogram(5).read();
  expect([empty.count, empty.mean, empty.percentile(50), empty.bins()]).toEqual([
    0,
    undefined,
    undefined,
    [],
  ]);
  expect(() => empty.percentile(101)).toThrow(RangeError);
  expect(() => empty.merge(latency.histogram(0).read())).toThrow(/different scales/);
});
