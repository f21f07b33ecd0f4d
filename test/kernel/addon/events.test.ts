/**
 * The native readers of records, user ring buffers and shared descriptors: each method in each state, and wrong arguments
 * and receivers for each. What is refused does nothing.
 */
import { ArgumentError, BusyError, ClosedError } from '../../../lib/errors';
import { loadAddon } from '../../../lib/native/load/load';
import {
  WATCH,
  type NativePerfBuffer,
  type NativeRecordReader,
  type NativeRingBuffer,
  type NativeUserRingBuffer,
} from '../../../lib/native/surface/events';
import { BAD, type Kind } from '../../support/bad-arguments';
import { Events } from '../../support/events';
import { thrownBy } from '../../support/native';

let events: Events;
/** Made by this test: closed after it. */
const made: { close(): void }[] = [];
beforeEach(() => {
  events = new Events();
});
afterEach(() => {
  for (const each of made.splice(0)) each.close();
  events.close();
});

const addon = loadAddon();
const fd = (name: string): number => events.object.map(name).fd;
function kept<T extends { close(): void }>(handle: T): T {
  made.push(handle);
  return handle;
}

function ring(): NativeRingBuffer {
  const reader = kept(addon.ringBuffer());
  reader.add(fd('ring'), 'ring');
  events.produce(3);
  return reader;
}

function perf(): NativePerfBuffer {
  const reader = kept(addon.perfBuffer(fd('perf'), 'perf', 1, 1, 0));
  for (let i = 0; i < 3; i++) {
    events.object.program('perf_output').testRun({ context: new Uint8Array(8), cpu: 0, flags: 1 });
  }
  return reader;
}

const user = (): NativeUserRingBuffer => kept(addon.userRingBuffer(fd('commands'), 'commands'));

/** A sample that is reserved is number 1. */
const SAMPLE = 1;

type ErrorClass = abstract new (...args: never[]) => Error;
type Expected = 'ok' | ErrorClass;
type Row<T> = readonly [method: string, call: (handle: T) => unknown, ...expected: Expected[]];

function table<T extends object>(states: Readonly<Record<string, () => T>>, rows: readonly Row<T>[]): void {
  const names = Object.keys(states);
  const cells = rows.flatMap(([method, call, ...expected]) =>
    names.map((state, i) => [method, state, call, expected[i]] as const),
  );
  test.each(cells)('%s, %s', (_method, state, call, expected) => {
    const handle = states[state]!();
    if (expected === 'ok') expect(() => call(handle)).not.toThrow();
    else expect(thrownBy(() => call(handle))).toBeInstanceOf(expected);
  });

  test('every member is in the table', () => {
    const handle = states[names[0]!]!();
    const tabled = new Set(rows.map(([name]) => name.split(' ')[0]));
    const members = Object.getOwnPropertyNames(Object.getPrototypeOf(handle));
    expect(members.filter((name) => name !== 'constructor' && !tabled.has(name))).toEqual([]);
  });

  test('every member refuses other objects', () => {
    const handle = states[names[0]!]!();
    const prototype = Object.getPrototypeOf(handle) as object;
    const stranger = kept(addon.ringBuffer());
    const strangers = [
      {},
      null,
      undefined,
      1,
      'x',
      new Proxy(handle, {}),
      Object.create(handle),
      prototype,
      addon,
    ];
    for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor') continue;
      const member = (get ?? value) as (...args: unknown[]) => unknown;
      for (const each of [
        ...strangers,
        ...(Object.getPrototypeOf(stranger) === prototype ? [] : [stranger]),
      ]) {
        const error = thrownBy(() => member.call(each));
        expect({ name, type: error.name }).toEqual({
          name,
          type: expect.stringMatching(/^(ArgumentError|TypeError)$/),
        });
      }
    }
  });
}

const NONE = (): void => undefined;
const READER: readonly Row<NativeRecordReader>[] = [
  //                                                              ready taken closed
  ['memory', (reader) => reader.memory(0), 'ok', 'ok', ClosedError],
  ['memory beyond', (reader) => reader.memory(999), ArgumentError, ArgumentError, ClosedError],
  ['index', (reader) => reader.index(0), 'ok', 'ok', ClosedError],
  ['take', (reader) => reader.take(0), 'ok', BusyError, ClosedError],
  ['take beyond', (reader) => reader.take(999), ArgumentError, ArgumentError, ClosedError],
  ['release', (reader) => reader.release(0, 1, false), 'ok', 'ok', ClosedError],
  ['release the last', (reader) => reader.release(0, 0, true), 'ok', 'ok', ClosedError],
  ['release too many', (reader) => reader.release(0, 0xffff_ffff, true), 'ok', 'ok', ClosedError],
  ['releaseAll', (reader) => reader.releaseAll(0), 'ok', 'ok', ClosedError],
  ['copy', (reader) => reader.copy(0, 0, new Uint8Array(8)), 'ok', 'ok', ClosedError],
  [
    'copy beyond',
    (reader) => reader.copy(0, 0xffff_fff0, new Uint8Array(8)),
    ArgumentError,
    ArgumentError,
    ClosedError,
  ],
  ['watch', (reader) => reader.watch(WATCH.poll, NONE), 'ok', 'ok', ClosedError],
  ['watch idle', (reader) => reader.watch(WATCH.idle), 'ok', 'ok', ClosedError],
  ['watch stopped', (reader) => reader.watch(WATCH.stopped), 'ok', 'ok', ClosedError],
  ['spin', (reader) => reader.spin(true), 'ok', 'ok', 'ok'],
  ['reference', (reader) => reader.reference(true), 'ok', 'ok', 'ok'],
  ['close', (reader) => reader.close(), 'ok', 'ok', 'ok'],
];

const states = <T extends NativeRecordReader>(open: () => T): Readonly<Record<string, () => T>> => ({
  ready: open,
  taken: () => {
    const reader = open();
    expect(Math.abs(reader.take(0))).toBe(3);
    return reader;
  },
  closed: () => {
    const reader = open();
    reader.take(0);
    reader.close();
    return reader;
  },
});

describe('NativeRingBuffer', () => {
  table<NativeRingBuffer>(states(ring), [
    ...READER,
    ['state', (reader) => reader.state(0), 'ok', 'ok', ClosedError],
    ['add', (reader) => reader.add(fd('small'), 'small'), 'ok', 'ok', ClosedError],
    ['add the same', (reader) => reader.add(fd('ring'), 'ring'), BusyError, BusyError, ClosedError],
  ]);

  test('without a ring it can only be added to and closed', () => {
    const reader = kept(addon.ringBuffer());
    for (const call of [
      () => reader.take(0),
      () => reader.memory(0),
      () => reader.index(0),
      () => reader.state(0),
      () => reader.releaseAll(0),
    ]) {
      expect(thrownBy(call)).toBeInstanceOf(ArgumentError);
    }
    expect(thrownBy(() => reader.watch(WATCH.poll, NONE))).toBeInstanceOf(ClosedError);
    // What was refused left nothing behind.
    expect(thrownBy(() => reader.add(fd('scratch'), 'scratch'))).toMatchObject({ code: 'EINVAL' });
    expect(reader.add(fd('ring'), 'ring')).toBe(0);
    expect(reader.take(0)).toBe(0);
  });

  test('what is released comes no more, what is not comes again, and too many are all', () => {
    const reader = ring();
    const taken: number[] = [];
    for (const count of [1, 0, 5]) {
      taken.push(Math.abs(reader.take(0)));
      reader.release(0, count, true);
    }
    expect(taken).toEqual([3, 2, 2]);
    expect(reader.take(0)).toBe(0);
    events.produce(1);
    expect(Math.abs(reader.take(0))).toBe(1);
  });
});

describe('NativePerfBuffer', () => {
  table<NativePerfBuffer>(states(perf), [
    ...READER,
    ['sources', (reader) => reader.sources(), 'ok', 'ok', 'ok'],
    ['takeLost', (reader) => reader.takeLost(), 'ok', 'ok', 'ok'],
  ]);

  test('what is released comes no more, what is not comes again, and too many are all', () => {
    const reader = perf();
    const taken: number[] = [];
    for (const count of [1, 0, 0xffff_ffff]) {
      taken.push(reader.take(0));
      reader.release(0, count, true);
    }
    expect([...taken, reader.take(0)]).toEqual([3, 2, 2, 0]);
  });
});

describe('NativeUserRingBuffer', () => {
  table<NativeUserRingBuffer>(
    {
      ready: user,
      reserved: () => {
        const buffer = user();
        expect(buffer.reserve(8)).toBe(SAMPLE);
        return buffer;
      },
      closed: () => {
        const buffer = user();
        buffer.reserve(8);
        buffer.close();
        return buffer;
      },
    },
    [
      ['closed', (buffer) => buffer.closed, 'ok', 'ok', 'ok'],
      ['reserve', (buffer) => buffer.reserve(8), 'ok', 'ok', ClosedError],
      ['submit', (buffer) => buffer.submit(SAMPLE, new Uint8Array(8)), ArgumentError, 'ok', ClosedError],
      [
        'submit too little',
        (buffer) => buffer.submit(SAMPLE, new Uint8Array(7)),
        ArgumentError,
        ArgumentError,
        ClosedError,
      ],
      [
        'submit none',
        (buffer) => buffer.submit(0, new Uint8Array(8)),
        ArgumentError,
        ArgumentError,
        ClosedError,
      ],
      ['send', (buffer) => buffer.send(new Uint8Array(8)), 'ok', 'ok', ClosedError],
      ['discard', (buffer) => buffer.discard(SAMPLE), ArgumentError, 'ok', ClosedError],
      ['watch', (buffer) => buffer.watch(NONE), 'ok', 'ok', ClosedError],
      ['watch no more', (buffer) => buffer.watch(undefined), 'ok', 'ok', ClosedError],
      ['close', (buffer) => buffer.close(), 'ok', 'ok', 'ok'],
    ],
  );
});

describe('NativeShare', () => {
  const share = (): ReturnType<typeof addon.share> => kept(addon.share(fd('ring')));
  table<ReturnType<typeof addon.share>>(
    {
      shared: share,
      found: () => kept(addon.findShared(share().token)!),
      closed: () => {
        const handle = share();
        handle.close();
        return handle;
      },
    },
    [
      ['fd', (handle) => handle.fd, 'ok', 'ok', 'ok'],
      ['token', (handle) => handle.token, 'ok', 'ok', 'ok'],
      ['close', (handle) => handle.close(), 'ok', 'ok', 'ok'],
    ],
  );

  test('a token is good until its share is closed; who has found it keeps his descriptor', () => {
    const handle = share();
    const { token } = handle;
    const [first, second] = [kept(addon.findShared(token)!), kept(addon.findShared(token)!)];
    expect(new Set([handle.fd, first.fd, second.fd, fd('ring')]).size).toBe(4);
    handle.close();
    expect([handle.fd, handle.token, addon.findShared(token), addon.findShared('')]).toEqual([
      -1,
      '',
      null,
      null,
    ]);
    first.close();
    const reader = kept(addon.ringBuffer());
    expect([reader.add(second.fd, 'ring'), first.fd]).toEqual([0, -1]);
  });
});

type Parameter = readonly [string, Kind, (value: never) => unknown];
const PARAMETERS: readonly Parameter[] = [
  ['ringBuffer.add fd', 'fd', (value) => kept(addon.ringBuffer()).add(value, 'ring')],
  ['ringBuffer.add name', 'text', (value) => kept(addon.ringBuffer()).add(fd('ring'), value)],
  ...(['memory', 'index', 'take', 'releaseAll', 'state'] as const).map((name): Parameter => [
    `ringBuffer.${name}`,
    'uint32',
    (value) => ring()[name](value),
  ]),
  ['ringBuffer.release source', 'uint32', (value) => ring().release(value, 0, true)],
  ['ringBuffer.release count', 'uint32', (value) => ring().release(0, value, true)],
  ['ringBuffer.release last', 'boolean', (value) => ring().release(0, 0, value)],
  ['ringBuffer.copy source', 'uint32', (value) => ring().copy(value, 0, new Uint8Array(8))],
  ['ringBuffer.copy offset', 'uint32', (value) => ring().copy(0, value, new Uint8Array(8))],
  ['ringBuffer.copy to', 'bytes', (value) => ring().copy(0, 0, value)],
  ['ringBuffer.watch mode', 'uint32', (value) => ring().watch(value, NONE)],
  ['ringBuffer.watch callback', 'function', (value) => ring().watch(WATCH.poll, value)],
  ['ringBuffer.spin', 'boolean', (value) => ring().spin(value)],
  ['ringBuffer.reference', 'boolean', (value) => ring().reference(value)],
  ['perfBuffer fd', 'fd', (value) => addon.perfBuffer(value, 'perf', 1, 1, 0)],
  ['perfBuffer name', 'text', (value) => addon.perfBuffer(fd('perf'), value, 1, 1, 0)],
  ['perfBuffer pages', 'uint32', (value) => addon.perfBuffer(fd('perf'), 'perf', value, 1, 0)],
  ['perfBuffer wakeupEvents', 'uint32', (value) => addon.perfBuffer(fd('perf'), 'perf', 1, value, 0)],
  ['perfBuffer wakeupBytes', 'uint32', (value) => addon.perfBuffer(fd('perf'), 'perf', 1, 1, value)],
  ...(['memory', 'index', 'take', 'releaseAll'] as const).map((name): Parameter => [
    `perfBuffer.${name}`,
    'uint32',
    (value) => perf()[name](value),
  ]),
  ['perfBuffer.release source', 'uint32', (value) => perf().release(value, 0, true)],
  ['perfBuffer.release count', 'uint32', (value) => perf().release(0, value, true)],
  ['perfBuffer.release last', 'boolean', (value) => perf().release(0, 0, value)],
  ['perfBuffer.copy source', 'uint32', (value) => perf().copy(value, 0, new Uint8Array(8))],
  ['perfBuffer.copy offset', 'uint32', (value) => perf().copy(0, value, new Uint8Array(8))],
  ['perfBuffer.copy to', 'bytes', (value) => perf().copy(0, 0, value)],
  ['userRingBuffer fd', 'fd', (value) => addon.userRingBuffer(value, 'commands')],
  ['userRingBuffer name', 'text', (value) => addon.userRingBuffer(fd('commands'), value)],
  ['userRingBuffer.reserve', 'uint32', (value) => user().reserve(value)],
  ['userRingBuffer.submit sample', 'uint32', (value) => user().submit(value, new Uint8Array(8))],
  [
    'userRingBuffer.submit bytes',
    'bytes',
    (value) => {
      const buffer = user();
      buffer.submit(buffer.reserve(8), value);
    },
  ],
  ['userRingBuffer.send', 'bytes', (value) => user().send(value)],
  ['userRingBuffer.discard', 'uint32', (value) => user().discard(value)],
];

describe('wrong arguments', () => {
  test.each(PARAMETERS)('%s', (_name, kind, call) => {
    for (const value of BAD[kind] as readonly unknown[]) {
      for (const each of made.splice(0)) each.close();
      const error = thrownBy(() => call(value as never));
      expect({ value: typeof value, error }).toEqual({
        value: typeof value,
        error: expect.any(ArgumentError),
      });
    }
  });
});
