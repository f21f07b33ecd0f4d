import { BpfMap, UserRingBuffer } from '../../../lib';
import { Events, turn } from '../../support/events';

interface Command {
  id: number;
  amount: bigint;
}

let events: Events;
let commands: UserRingBuffer<Command>;
beforeEach(() => {
  events = new Events();
  commands = new UserRingBuffer<Command>(events.object.map('commands'), { type: 'struct command' });
});
afterEach(() => events.close());

const drain = (): number => events.run('drain');
/** 4096 bytes, 24 a sample with its header. */
const FULL = Math.floor(4096 / 24);

test('reserve, fill, submit: the kernel reads it', () => {
  const sample = commands.reserve()!;
  sample.write({ id: 3 }).write({ amount: -5n });
  expect(drain()).toBe(0);
  sample.submit();
  commands.submit({ id: 3, amount: 8 });
  expect(drain()).toBe(2);
  expect([events.number('drained'), events.number('amounts')]).toEqual([2, 3]);
  for (const again of [() => sample.submit(), () => sample.discard()]) {
    expect(again).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  }
});

test('what is written after submit() does not reach the kernel', () => {
  const sample = commands.reserve()!;
  sample.write({ amount: 1n }).submit();
  sample.bytes.fill(0x7f);
  drain();
  expect(events.number('amounts')).toBe(1);
});

test('discarded samples are skipped, and so are those of a closed ring', () => {
  commands.reserve()!.discard();
  commands.submit({ id: 1, amount: 1n });
  expect(drain()).toBe(1);
  commands.reserve();
  commands.close();
  commands.close();
  const next = new UserRingBuffer<Command>(events.object.map('commands'), { type: 'struct command' });
  next.submit({ id: 1, amount: 2n });
  expect(drain()).toBe(1);
  expect(events.number('amounts')).toBe(3);
  expect(() => commands.reserve()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});

test('bytes of any length, around the end of the ring', () => {
  commands.close();
  const bare = new UserRingBuffer(events.object.map('commands'));
  for (let length = 16; length < 600; length += 7) {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setBigInt64(8, BigInt(length), true);
    bare.submit(bytes);
    expect(drain()).toBe(1);
    expect(events.number('amounts')).toBe(length);
    bytes.fill(0);
    new DataView(bytes.buffer).setBigInt64(8, BigInt(-length), true);
    bare.submit(bytes);
    drain();
  }
});

test('a full ring: undefined, ENOSPC, or a promise that waits for the kernel', async () => {
  for (let i = 0; i < FULL; i++) commands.submit({ id: i & 15, amount: 1n });
  expect(commands.reserve()).toBeUndefined();
  expect(() => commands.submit({ id: 0, amount: 1n })).toThrow(
    expect.objectContaining({ code: 'ENOSPC', syscall: 'user_ring_buffer__reserve' }),
  );
  const order: number[] = [];
  const waiting = [1, 2].map(async (i) => {
    const sample = await commands.reserveBlocking();
    order.push(i);
    sample.write({ id: i, amount: 1000n }).submit();
  });
  await turn(20);
  expect(order).toEqual([]);
  expect(drain()).toBe(FULL);
  await Promise.all(waiting);
  expect(order).toEqual([1, 2]);
  drain();
  expect(events.number('amounts')).toBe(FULL + 2000);
});

test('a sample in a `using` declaration: discarded unless it was submitted, or its ring closed', () => {
  commands.reserve()![Symbol.dispose]();
  const submitted = commands.reserve()!.write({ amount: 4n });
  submitted.submit();
  submitted[Symbol.dispose]();
  expect(drain()).toBe(1);
  expect(events.number('amounts')).toBe(4);
  const reserved = commands.reserve()!;
  commands.close();
  expect(() => reserved[Symbol.dispose]()).not.toThrow();
  for (const use of [
    () => commands.reserve()!.discard(),
    () => reserved.submit(),
    () => reserved.discard(),
  ]) {
    expect(use).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  }
});

test('waiting ends with a signal, and with close()', async () => {
  for (let sample = commands.reserve(); sample !== undefined; sample = commands.reserve()) sample.submit();
  const controller = new AbortController();
  const aborted = commands.reserveBlocking(undefined, { signal: controller.signal });
  const closed = commands.reserveBlocking();
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  events.object.close();
  await expect(closed).rejects.toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});

test.each([
  ['a type that is not there', () => commands.reserve('struct nothing'), /struct nothing/],
  ['a member that is not there', () => commands.reserve()!.write({ idd: 1 } as never), /idd/],
  ['a member that is missing', () => commands.submit({ id: 1 }), /amount/],
  ['too much', () => commands.reserve(5000), /E2BIG/],
  ['a size that is none', () => commands.reserve(-1), /size in bytes/],
  ['neither', () => commands.reserve({} as never), /name of a struct/],
  [
    'no type to submit by',
    () => {
      commands.close();
      new UserRingBuffer(events.object.map('commands')).submit({ id: 1 });
    },
    /without a type.*Uint8Array/,
  ],
  ['bytes for a bare sample', () => commands.reserve(8)!.write({}), /fill its bytes/],
  ['another map', () => new UserRingBuffer(events.object.map('ring')), /EINVAL/],
])('%s', (_, use, message) => {
  expect(use).toThrow(message);
});

test('a map has one producer; the next one after close()', () => {
  const bare = BpfMap.fromFd(events.object.map('commands').fd);
  for (const map of [events.object.map('commands'), bare]) {
    expect(() => new UserRingBuffer(map)).toThrow(
      expect.objectContaining({
        code: 'ERR_BUSY',
        message: expect.stringContaining("map 'commands' is being written"),
      }),
    );
  }
  commands.submit({ id: 1, amount: 1n });
  commands.close();
  const next = new UserRingBuffer(bare);
  next.submit(new Uint8Array(16));
  expect(drain()).toBe(2);
  next.close();
  bare.close();
});
