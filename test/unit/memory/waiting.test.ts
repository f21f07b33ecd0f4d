/** Waiting for a variable: conditions, changes, and every way it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ArgumentError, ClosedError } from '../../../lib/errors';
import { Region } from '../../../lib/memory/region/region';
import { createVariable } from '../../../lib/memory/variable/variable';
import { array, double, struct, u16, u32, u64 } from '../../support/types';

const pair = struct('pair', { a: u32, b: u32 });

function setUp(): { region: Region; count: any; pair: any; list: any; ratio: any } {
  const region = new Region('.bss');
  const bytes = new ArrayBuffer(4096);
  region.adopt(bytes, 64, false);
  const make = (name: string, type: any, offset: number): any =>
    createVariable(region, { name, section: '.bss', offset, size: type.size, type, declaration: name });
  return {
    region,
    count: make('count', u64, 0),
    pair: make('pair', pair, 8),
    list: make('list', array(u16, 4), 16),
    ratio: make('ratio', double, 24),
  };
}

describe('waitUntil', () => {
  test('what holds already is answered at once, with a copy', async () => {
    const { count, pair, list } = setUp();
    expect(await count.waitUntil((n: bigint) => n === 0n)).toBe(0n);
    const seen = await pair.waitUntil(({ a }: { a: number }) => a === 0);
    pair.value.a = 5;
    expect(seen).toEqual({ a: 0, b: 0 });
    expect(await list.waitUntil((array: Uint16Array) => array.length === 4)).toEqual(new Uint16Array(4));
  });

  test.each([0, 1, 0.5])('looks again every %p ms until it holds', async (interval) => {
    const { count } = setUp();
    const looks: bigint[] = [];
    const timer = setInterval(() => count.value++, 2);
    const value = await count.waitUntil(
      (n: bigint) => {
        looks.push(n);
        return n >= 5n;
      },
      { interval },
    );
    clearInterval(timer);
    expect(value).toBeGreaterThanOrEqual(5n);
    expect(looks[0]).toBe(0n);
    expect(looks.length).toBeGreaterThan(1);
  });

  test('interval: no look in between', async () => {
    const { count } = setUp();
    let looks = 0;
    const waiting = count.waitUntil(() => ++looks === 2, { interval: 200 });
    await sleep(50);
    expect(looks).toBe(1);
    await waiting;
    expect(looks).toBe(2);
  });

  test('ends with ClosedError when the object is closed', async () => {
    const { count, region } = setUp();
    const waiting = count.waitUntil(() => false, { interval: 1 });
    setTimeout(() => region.close(), 5);
    await expect(waiting).rejects.toThrow(ClosedError);
  });

  test('ends with what the condition throws', async () => {
    const error = new Error('mine');
    await expect(
      setUp().count.waitUntil(() => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  test.each([0, 1e6])(
    'ends with the reason of its signal (interval %p), and leaves no listener',
    async (interval) => {
      const { count } = setUp();
      const reason = new Error('enough');
      const controller = new AbortController();
      const waiting = count.waitUntil(() => false, { interval, signal: controller.signal });
      setTimeout(() => controller.abort(reason), 5);
      await expect(waiting).rejects.toBe(reason);
      await expect(count.waitUntil(() => true, { signal: controller.signal })).rejects.toBe(reason);
      await expect(count.waitUntil(() => false, { signal: AbortSignal.timeout(5) })).rejects.toHaveProperty(
        'name',
        'TimeoutError',
      );
    },
  );

  test.each([
    [['x'], /waitUntil condition must be a function/],
    [[() => true, { interval: -1 }], /interval must be milliseconds from 0 to 2147483647, not -1/],
    [[() => true, { interval: NaN }], /interval/],
    [[() => true, { interval: '5' }], /interval/],
    [[() => true, { interval: 2 ** 31 }], /interval/],
    [[() => true, { signal: {} }], /signal must be an AbortSignal/],
    [[() => true, { intervall: 5 }], /intervall is not an option; there are: interval, signal/],
    [[() => true, 5], /options must be an object/],
  ])('refuses %p', async (args, message) => {
    const { count } = setUp();
    await expect(count.waitUntil(...(args as any[]))).rejects.toThrow(ArgumentError);
    await expect(count.waitUntil(...(args as any[]))).rejects.toThrow(message);
  });
});

describe('changes', () => {
  test('gives what differs from what was seen before, from the call on', async () => {
    const { count } = setUp();
    const changes = count.changes({ interval: 1 });
    count.value = 1n;
    const seen: bigint[] = [];
    for await (const value of changes) {
      seen.push(value);
      if (value === 3n) break;
      setTimeout(() => (count.value = value), 3);
      setTimeout(() => count.value++, 6);
    }
    expect(seen).toEqual([1n, 2n, 3n]);
  });

  test('structs, arrays and floating point by their bytes', async () => {
    const { pair, list, ratio } = setUp();
    const next = async (variable: any, change: () => void): Promise<unknown> => {
      const changes = variable.changes({ interval: 0 });
      change();
      const { value } = await changes.next();
      await changes.return();
      return value;
    };
    expect(await next(pair, () => (pair.value.b = 7))).toEqual({ a: 0, b: 7 });
    expect(await next(list, () => (list.value[3] = 9))).toEqual(Uint16Array.of(0, 0, 0, 9));
    expect(await next(ratio, () => (ratio.value = NaN))).toBeNaN();
  });

  test('a slow consumer gets the latest value', async () => {
    const { count } = setUp();
    const changes = count.changes({ interval: 1 });
    count.value = 1n;
    expect((await changes.next()).value).toBe(1n);
    for (count.value = 2n; count.value < 9n; count.value++) await sleep(1);
    expect((await changes.next()).value).toBe(9n);
    await changes.return();
    expect(await changes.next()).toEqual({ done: true, value: undefined });
  });

  test.each([0, 1e6])("onAbort: 'end' ends the loop without an error (interval %p)", async (interval) => {
    const { count } = setUp();
    const controller = new AbortController();
    const options = { interval, signal: controller.signal, onAbort: 'end' };
    const changes = count.changes(options);
    count.value = 1n;
    setTimeout(() => controller.abort(), 5);
    const seen: bigint[] = [];
    for await (const value of changes) seen.push(value);
    expect(seen).toEqual([1n]);
    const late = count.changes(options);
    count.value = 2n;
    expect(await late.next()).toEqual({ done: true, value: undefined });
    expect(() => count.changes({ onAbort: 'stop' })).toThrow(/onAbort/);
    await expect(count.waitUntil(() => true, { onAbort: 'end' })).rejects.toThrow(/onAbort is not an option/);
  });

  test('ends with ClosedError, and with the reason of its signal', async () => {
    const { count, region } = setUp();
    const controller = new AbortController();
    const aborted = count.changes({ signal: controller.signal, interval: 1e6 }).next();
    setTimeout(() => controller.abort('enough'), 3);
    await expect(aborted).rejects.toBe('enough');
    const closed = count.changes({ interval: 1 }).next();
    setTimeout(() => region.close(), 3);
    await expect(closed).rejects.toThrow(ClosedError);
    expect(() => count.changes()).toThrow(ClosedError);
    expect(() => count.changes({ interval: 'x' })).toThrow(ArgumentError);
  });
});
