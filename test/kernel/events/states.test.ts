/** Each method of the readers, batches, records, iterations and samples in each state: what it gives, or which error. */
import { inspect } from 'node:util';
import {
  type Batch,
  BpfMap,
  PerfBuffer,
  readView,
  type RecordReader,
  RingBuffer,
  toJSON,
  UserRingBuffer,
  type UserSample,
} from '../../../lib';
import { Events, turn } from '../../support/events';

type Reader = RecordReader & (RingBuffer | PerfBuffer);

let events: Events;
beforeEach(() => {
  events = new Events();
});
afterEach(() => events.close());

/** 'ok', or the code of what it threw or was rejected with; 'waits' for a promise that is still pending. */
async function outcome(call: () => unknown): Promise<string> {
  try {
    const result = call();
    if (!(result instanceof Promise)) return 'ok';
    const waits = Symbol('waits');
    const first = await Promise.race([result, turn(5).then(() => waits)]);
    result.catch(() => undefined);
    return first === waits ? 'waits' : 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
}

const listener = (): void => undefined;
const other = (): void => undefined;

/** A call in one state after the other: what it says in each. */
type Row<T> = readonly [method: string, call: (subject: T) => unknown, outcomes: string];

function expectTable<T>(
  states: readonly string[],
  rows: readonly Row<T>[],
  attempt: (state: string, call: (subject: T) => unknown) => Promise<string>,
): void {
  const cells = rows.flatMap(([method, call, outcomes]) => {
    const expected = outcomes.split(/\s+/);
    expect(expected).toHaveLength(states.length);
    return states.map((state, i) => [method, state, call, expected[i] as string] as const);
  });
  test.each(cells)('%s, %s', async (_method, state, call, expected) => {
    const seen = await attempt(state, call);
    expect(seen.replace('ERR_', '')).toBe(expected);
  });
}

/** The methods of a class and of those above it are all in the table: who adds one has to think of its states. */
function expectWhole(prototype: object, rows: readonly Row<never>[], besides: readonly string[] = []): void {
  const names = new Set<string>();
  for (let each = prototype; each !== Object.prototype; each = Object.getPrototypeOf(each) as object) {
    for (const key of Reflect.ownKeys(each)) {
      names.add(
        typeof key === 'symbol'
          ? (key.description ?? '').replace(/^(Symbol|nodejs)\.(?=dispose|asyncIterator|iterator)/, '')
          : key,
      );
    }
  }
  const known = new Set([...rows.map(([name]) => name.split(/[ (]/)[0]), ...besides]);
  expect([...names].filter((name) => name !== 'constructor' && !known.has(name))).toEqual([]);
}

describe.each<[string, () => Reader, () => void]>([
  [
    'RingBuffer',
    () => new RingBuffer(events.object.map('ring'), { type: 'struct record' }),
    () => events.produce(3),
  ],
  [
    'PerfBuffer',
    () => new PerfBuffer(events.object.map('perf'), { type: 'struct opened' }),
    () => {
      const context = new Uint8Array(8);
      for (let i = 0; i < 3; i++) events.object.program('perf_output').testRun({ context, cpu: 0, flags: 1 });
    },
  ],
])('%s', (kind, open, produce) => {
  /** Brings a reader into the state, makes the call there, and says what came of it. */
  const STATES: Readonly<Record<string, (call: (reader: Reader) => unknown) => Promise<string>>> = {
    fresh: (call) => outcome(() => call(open())),
    listening: (call) => {
      const reader = open();
      reader.on('records', listener);
      return outcome(() => call(reader));
    },
    'while an iteration waits': (call) => {
      const reader = open();
      void reader.records().next();
      return outcome(() => call(reader));
    },
    'while an iteration has records': async (call) => {
      const reader = open();
      produce();
      await reader.records().next();
      return outcome(() => call(reader));
    },
    'after break': async (call) => {
      const reader = open();
      const records = reader.records();
      void records.next();
      await records.return?.();
      return outcome(() => call(reader));
    },
    'in a listener': (call) => {
      const reader = open();
      produce();
      return new Promise((resolve) => {
        const inside = (): void => {
          reader.off('records', inside);
          resolve(outcome(() => call(reader)));
        };
        reader.on('records', listener).on('records', inside);
      });
    },
    'in consume()': (call) => {
      const reader = open();
      produce();
      let seen: Promise<string> | undefined;
      reader.consume(() => {
        seen ??= outcome(() => call(reader));
      });
      return seen as Promise<string>;
    },
    closed: (call) => {
      const reader = open();
      reader.close();
      return outcome(() => call(reader));
    },
    'closed by its object': (call) => {
      const reader = open();
      reader.on('records', listener);
      events.object.close();
      return outcome(() => call(reader));
    },
    'closed in a listener': (call) => {
      const reader = open();
      produce();
      return new Promise((resolve) => {
        reader.on('records', () => {
          reader.close();
          resolve(outcome(() => call(reader)));
        });
      });
    },
  };
  const always = 'ok '.repeat(10).trim();
  const open7 = 'ok ok ok ok ok ok ok CLOSED CLOSED CLOSED';
  const ROWS: readonly Row<Reader>[] = [
    //                                          fresh listens waits has break listener consume | closed
    ['closed', (reader) => reader.closed, always],
    ['records()', (reader) => reader.records(), open7],
    [
      'records().next()',
      (reader) => reader.records().next(),
      'waits BUSY BUSY BUSY waits BUSY BUSY CLOSED CLOSED CLOSED',
    ],
    ['asyncIterator', (reader) => reader[Symbol.asyncIterator](), open7],
    ['on', (reader) => reader.on('records', other), 'ok ok BUSY BUSY ok ok BUSY CLOSED CLOSED CLOSED'],
    ['off', (reader) => reader.off('records', listener), always],
    ['consume', (reader) => reader.consume(), 'ok BUSY BUSY BUSY ok BUSY BUSY CLOSED CLOSED CLOSED'],
    [
      'consume in batches',
      (reader) => reader.consume(listener),
      'ok BUSY BUSY BUSY ok BUSY BUSY CLOSED CLOSED CLOSED',
    ],
    ['flush', (reader) => reader.flush(), open7],
    ['ref', (reader) => reader.ref(), always],
    ['unref', (reader) => reader.unref(), always],
    ['close', (reader) => reader.close(), always],
    ['dispose', (reader) => reader[Symbol.dispose](), always],
    ['nodejs.util.inspect.custom', (reader) => inspect(reader), always],
    ...(kind === 'RingBuffer'
      ? ([
          ['state', (reader) => (reader as RingBuffer).state(), open7],
          ['add', (reader) => (reader as RingBuffer).add(events.object.map('small')), open7],
        ] satisfies Row<Reader>[])
      : ([['lost', (reader) => (reader as PerfBuffer).lost, always]] satisfies Row<Reader>[])),
  ];

  expectTable(Object.keys(STATES), ROWS, (state, call) => STATES[state]!(call));

  test('every method is in the table', () => {
    const internal = ['recordsThenClose', 'shown'];
    expectWhole(Object.getPrototypeOf(open()) as object, ROWS, internal);
  });

  test('a shared map closes its readers; one of a bare descriptor does not, because readers have their own', () => {
    const map = events.object.map(kind === 'RingBuffer' ? 'ring' : 'perf');
    const Class = (kind === 'RingBuffer' ? RingBuffer : PerfBuffer) as typeof RingBuffer;
    const shared = BpfMap.openShared(map.share());
    const bare = BpfMap.fromFd(map.fd);
    const first = new Class(shared);
    shared.close();
    expect([first.closed, () => first.consume()]).toEqual([true, expect.any(Function)]);
    expect(() => first.consume()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
    const second = new Class(bare);
    bare.close();
    produce();
    expect(second.consume()).toHaveLength(3);
    expect(() => new Class(bare)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
    second.close();
  });
});

describe('batches and records', () => {
  interface Held {
    readonly batch: Batch<{ pid: number; inner: { low: number } }>;
    readonly view: Batch<{ pid: number; inner: { low: number } }> extends Iterable<infer V> ? V : never;
    readonly inner: { readonly low: number };
    readonly iterator: Iterator<unknown>;
  }
  const STATES = [
    'in the callback',
    'closed in the callback',
    'after the callback',
    'after its reader was closed',
  ];

  async function attempt(
    type: string | undefined,
    state: string,
    call: (held: Held) => unknown,
  ): Promise<string> {
    const ring = new RingBuffer<{ pid: number; inner: { low: number } }>(events.object.map('ring'), { type });
    events.produce(3);
    let held: Held | undefined;
    let seen: Promise<string> | undefined;
    ring.consume((batch) => {
      const view = batch.at(0)!;
      held = { batch, view, inner: view.inner, iterator: batch[Symbol.iterator]() };
      held.iterator.next();
      if (state === 'closed in the callback') ring.close();
      if (state.endsWith('in the callback')) seen = outcome(() => call(held!));
    });
    if (state === 'after its reader was closed') ring.close();
    return seen ?? outcome(() => call(held!));
  }

  const over = 'ok CLOSED CLOSED CLOSED';
  const BATCH: readonly Row<Held>[] = [
    ['map', ({ batch }) => batch.map, 'ok ok ok ok'],
    ['cpu', ({ batch }) => batch.cpu, 'ok ok ok ok'],
    // A loop over a batch that is cut short ends; whoever comes too late is told.
    ['length', ({ batch }) => batch.length, 'ok ok CLOSED CLOSED'],
    ['iterator of before', ({ iterator }) => iterator.next(), 'ok ok CLOSED CLOSED'],
    ['iterator', ({ batch }) => [...batch], 'ok ok CLOSED CLOSED'],
    ['forEach', ({ batch }) => batch.forEach(() => undefined), over],
    ['at', ({ batch }) => batch.at(0), over],
    ['at(-1)', ({ batch }) => batch.at(-1), over],
    ['at(99)', ({ batch }) => batch.at(99), over],
    ['bytes', ({ batch }) => batch.bytes(0), over],
    ['read', ({ batch }) => batch.read(), over],
    ['inspect', ({ batch }) => inspect(batch), 'ok ok ok ok'],
  ];
  const RECORD: readonly Row<Held>[] = [
    ['a member', ({ view }) => view.pid, over],
    ['a nested struct', ({ view }) => view.inner.low, over],
    ['a nested struct of before', ({ inner }) => inner.low, over],
    ['read', ({ view }) => (view as unknown as { read(): unknown }).read(), over],
    ['toJSON', ({ view }) => JSON.stringify(view), over],
    ['toJSON()', ({ view }) => toJSON(view), over],
    ['readView()', ({ view }) => readView(view as never), over],
    ['nodejs.util.inspect.custom', ({ view }) => inspect(view), 'ok ok ok ok'],
    ['a write', ({ view }) => ((view as { pid: number }).pid = 1), 'READ_ONLY READ_ONLY READ_ONLY READ_ONLY'],
  ];

  describe('a batch of structs', () => {
    expectTable(STATES, BATCH, (state, call) => attempt('struct record', state, call));
  });
  describe('a batch of bytes', () => {
    expectTable(STATES, BATCH, (state, call) => attempt(undefined, state, call));
  });
  describe('a record', () => {
    expectTable(STATES, RECORD, (state, call) => attempt('struct record', state, call));
  });

  test('every method is in the table', async () => {
    await attempt('struct record', 'in the callback', ({ batch, view }) => {
      expectWhole(Object.getPrototypeOf(batch) as object, BATCH);
      expectWhole(Object.getPrototypeOf(Object.getPrototypeOf(view)) as object, RECORD);
    }).then((seen) => expect(seen).toBe('ok'));
  });

  test('an async listener that comes back to its batch is told, and does not take it for an empty one', async () => {
    const ring = new RingBuffer<{ pid: number }>(events.object.map('ring'), { type: 'struct record' });
    const seen: unknown[] = [];
    ring.on('records', (batch) => {
      void (async () => {
        try {
          for (const { pid } of batch) {
            seen.push(pid);
            await Promise.resolve();
          }
        } catch (error) {
          seen.push((error as Error).message);
        }
      })();
    });
    events.produce(3);
    await turn(20);
    expect(seen).toEqual([0, expect.stringMatching(/before its first await/)]);
  });
});

describe('an iteration', () => {
  type Iteration = ReturnType<RingBuffer['records']>;
  const open = (signal?: AbortSignal): Iteration =>
    new RingBuffer(events.object.map('ring'), { type: 'struct record' }).records(undefined, { signal });
  const STATES: Readonly<Record<string, () => Promise<Iteration> | Iteration>> = {
    fresh: () => open(),
    waiting: () => {
      const records = open();
      void records.next();
      return records;
    },
    'with records at hand': async () => {
      const records = open();
      events.produce(3);
      await records.next();
      return records;
    },
    returned: async () => {
      const records = open();
      await records.return?.();
      return records;
    },
    'its reader closed': () => {
      const ring = new RingBuffer(events.object.map('ring'));
      const records = ring.records();
      void records.next();
      ring.close();
      return records;
    },
    'its reader closed before it began': () => {
      const ring = new RingBuffer(events.object.map('ring'));
      const records = ring.records();
      ring.close();
      return records;
    },
    'its object closed': () => {
      const records = open();
      void records.next();
      events.object.close();
      return records;
    },
    aborted: async () => {
      const controller = new AbortController();
      const records = open(controller.signal);
      const waiting = records.next();
      controller.abort(Object.assign(new Error('enough'), { code: 'ENOUGH' }));
      await expect(waiting).rejects.toThrow('enough');
      return records;
    },
  };
  const ROWS: readonly Row<Iteration>[] = [
    ['next', (records) => records.next(), 'waits waits ok ok ok CLOSED ok ok'],
    ['return', (records) => records.return?.(), 'ok ok ok ok ok ok ok ok'],
    [
      'throw',
      (records) => records.throw?.(Object.assign(new Error(), { code: 'MINE' })),
      'MINE '.repeat(8).trim(),
    ],
    ['asyncIterator', (records) => records[Symbol.asyncIterator](), 'ok ok ok ok ok ok ok ok'],
  ];
  expectTable(Object.keys(STATES), ROWS, async (state, call) => {
    const records = await STATES[state]!();
    return outcome(() => call(records));
  });

  test('an abort between two records is told by the next one; then it is over', async () => {
    const controller = new AbortController();
    const records = open(controller.signal);
    events.produce(3);
    await records.next();
    controller.abort(new Error('enough'));
    await expect(records.next()).rejects.toThrow('enough');
    expect(await records.next()).toEqual({ done: true, value: undefined });
  });

  test("onAbort: 'end': the loop ends, what was not given out stays in the ring; likewise where it never began", async () => {
    const controller = new AbortController();
    const options = { signal: controller.signal, onAbort: 'end' } as const;
    const ring = new RingBuffer(events.object.map('ring'), { type: 'struct record' });
    events.produce(3);
    const seen: unknown[] = [];
    for await (const record of ring.records(undefined, options)) {
      if (seen.push(record) === 2) controller.abort();
    }
    expect(seen).toHaveLength(2);
    expect(await ring.records(undefined, options).next()).toEqual({ done: true, value: undefined });
    expect(ring.consume()).toHaveLength(1);
    const waiting = new AbortController();
    const pending = ring.records(undefined, { ...options, signal: waiting.signal }).next();
    await new Promise(setImmediate);
    waiting.abort();
    expect(await pending).toEqual({ done: true, value: undefined });
    ring.close();
    const own = events.object.map('ring').records('struct record', options);
    expect(await own.next()).toEqual({ done: true, value: undefined });
    // Its reader is closed: the ring is free for another one.
    events.produce(1);
    expect(new RingBuffer(events.object.map('ring')).consume()).toHaveLength(1);
  });

  test('a signal of another realm will do, and so will nothing else', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const foreign = {
      get aborted(): boolean {
        return signal.aborted;
      },
      get reason(): unknown {
        return signal.reason as unknown;
      },
      throwIfAborted: () => signal.throwIfAborted(),
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
    } as AbortSignal;
    const waiting = open(foreign).next();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    for (const wrong of [1, 'x', {}, null]) expect(() => open(wrong as never)).toThrow(/AbortSignal/);
  });
});

describe('UserRingBuffer', () => {
  const TYPE = { type: 'struct command' };
  const open = (): UserRingBuffer => new UserRingBuffer(events.object.map('commands'), TYPE);
  const fill = (ring: UserRingBuffer): UserRingBuffer => {
    for (let sample = ring.reserve(); sample !== undefined; sample = ring.reserve()) sample.submit();
    return ring;
  };
  const STATES: Readonly<Record<string, () => UserRingBuffer>> = {
    fresh: open,
    full: () => fill(open()),
    'somebody waits': () => {
      const ring = fill(open());
      void ring.reserveBlocking().catch(() => undefined);
      return ring;
    },
    closed: () => {
      const ring = open();
      ring.close();
      return ring;
    },
    'its object closed': () => {
      const ring = open();
      events.object.close();
      return ring;
    },
  };
  const VALUE = { id: 1, amount: 1n };
  const ROWS: readonly Row<UserRingBuffer>[] = [
    ['closed', (ring) => ring.closed, 'ok ok ok ok ok'],
    ['reserve', (ring) => ring.reserve(), 'ok ok ok CLOSED CLOSED'],
    ['reserve of bytes', (ring) => ring.reserve(8), 'ok ok ok CLOSED CLOSED'],
    ['reserve by another type', (ring) => ring.reserve('struct opened'), 'ok ok ok CLOSED CLOSED'],
    ['reserve too much', (ring) => ring.reserve(5000), 'E2BIG E2BIG E2BIG CLOSED CLOSED'],
    ['reserveBlocking', (ring) => ring.reserveBlocking(), 'ok waits waits CLOSED CLOSED'],
    ['reserveBlocking too much', (ring) => ring.reserveBlocking(5000), 'E2BIG E2BIG waits CLOSED CLOSED'],
    [
      'reserveBlocking aborted',
      (ring) =>
        ring.reserveBlocking(8, { signal: AbortSignal.abort(Object.assign(new Error(), { code: 'MINE' })) }),
      'MINE MINE MINE MINE MINE',
    ],
    ['submit', (ring) => ring.submit(VALUE), 'ok ENOSPC ENOSPC CLOSED CLOSED'],
    ['close', (ring) => ring.close(), 'ok ok ok ok ok'],
    ['dispose', (ring) => ring[Symbol.dispose](), 'ok ok ok ok ok'],
    ['nodejs.util.inspect.custom', (ring) => inspect(ring), 'ok ok ok ok ok'],
  ];
  expectTable(Object.keys(STATES), ROWS, (state, call) => outcome(() => call(STATES[state]!())));

  const SAMPLE_STATES: Readonly<Record<string, () => UserSample<{ id: number }>>> = {
    reserved: () => open().reserve<{ id: number }>()!,
    submitted: () => {
      const sample = open().reserve<{ id: number }>()!;
      sample.submit();
      return sample;
    },
    discarded: () => {
      const sample = open().reserve<{ id: number }>()!;
      sample.discard();
      return sample;
    },
    'its ring closed': () => {
      const ring = open();
      const sample = ring.reserve<{ id: number }>()!;
      ring.close();
      return sample;
    },
    'its object closed': () => {
      const sample = open().reserve<{ id: number }>()!;
      events.object.close();
      return sample;
    },
  };
  const SAMPLE: readonly Row<UserSample<{ id: number }>>[] = [
    // What is written into it is only its own: nothing of the kernel's.
    ['bytes', (sample) => sample.bytes.fill(1), 'ok ok ok ok ok'],
    ['write', (sample) => sample.write({ id: 5 }), 'ok ok ok ok ok'],
    ['submit', (sample) => sample.submit(), 'ok CLOSED CLOSED CLOSED CLOSED'],
    ['discard', (sample) => sample.discard(), 'ok CLOSED CLOSED CLOSED CLOSED'],
    ['dispose', (sample) => sample[Symbol.dispose](), 'ok ok ok ok ok'],
  ];
  describe('a sample', () => {
    expectTable(Object.keys(SAMPLE_STATES), SAMPLE, (state, call) =>
      outcome(() => call(SAMPLE_STATES[state]!())),
    );
  });

  test('every method is in the table', () => {
    const ring = open();
    expectWhole(Object.getPrototypeOf(ring) as object, ROWS);
    expectWhole(Object.getPrototypeOf(ring.reserve()) as object, SAMPLE);
  });
});
