/** Records that end where what is used of them does, as programs submit them with bpf_ringbuf_output(…, offsetof + used); arrays of structs in place. */
import { BpfObject, RecordError, RingBuffer, toJSON, type Batch, type RecordArrayOf } from '../../../lib';
import { compileBpfSource } from '../../support/compile';

const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct frame { __u64 ip; __u32 line; };
struct event { __u32 pid; __u64 id; struct frame frames[4]; char args[16]; };
struct args { __u32 used; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); __type(value, struct event); } events SEC(".maps");
SEC("syscall") int produce(struct args *args) {
  struct event event = {.pid = 7, .id = 9, .frames = {{1, 10}, {2, 20}, {3, 30}, {4, 40}}, .args = "abcdefgh"};
  __u32 used = args->used;
  if (used > sizeof(event)) return 1;
  bpf_ringbuf_output(&events, &event, used, 0);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

interface Event {
  pid: number;
  id: bigint;
  frames: { ip: bigint; line: number }[];
  args: Uint8Array & { string: string };
}

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compileBpfSource(SOURCE, 'short_records'));
  object.load();
});
afterEach(() => object.close());

const produce = (...lengths: number[]): void => {
  for (const used of lengths) object.program('produce').testRun({ context: Uint8Array.of(used, 0, 0, 0) });
};
const frame = (n: number, line = 10 * n) => ({ ip: BigInt(n), line });
/** Of 96 bytes: pid, id at 8, four frames of 16 from 16 on, args from 80 on. */
const LENGTHS = [96, 83, 40, 12, 0];
const EXPECTED = [
  { pid: 7, id: '9', frames: 4, args: 'abcdefgh' },
  { pid: 7, id: '9', frames: 4, args: 'abc' },
  // Of the second frame only the first half came; what follows the frames is not there.
  { pid: 7, id: '9', frames: 4, args: '' },
  { pid: 7, id: '9', frames: 4, args: '' },
  { pid: 0, id: '0', frames: 4, args: '' },
];
const summary = ({ pid, id, frames, args }: Event) => ({
  pid,
  id: String(id),
  frames: frames.length,
  args: args.string,
});

test('plain copies: what is missing is 0, the array at the end is as long as what came', () => {
  const ring = new RingBuffer<Event>(object.map('events'), { short: 'zero' });
  produce(...LENGTHS);
  const records = ring.consume();
  expect(records.map(summary)).toEqual(EXPECTED);
  expect(records.map(({ args }) => args.length)).toEqual([16, 3, 0, 0, 0]);
  expect(records[2]?.frames).toEqual([frame(1), { ip: 2n, line: 0 }, frame(0), frame(0)]);
});

test('views say the same, alone and in even batches', () => {
  const ring = new RingBuffer<Event>(object.map('events'), { short: 'zero' });
  const seen: unknown[] = [];
  const look = (batch: Batch<Event>): void => {
    for (const view of batch) {
      const copy = view.read();
      expect([view.pid, view.id, view.args.string, view.args.length]).toEqual([
        copy.pid,
        copy.id,
        copy.args.string,
        copy.args.length,
      ]);
      expect(view.frames.read()).toEqual(copy.frames);
      expect(toJSON(view.frames.at(-1))).toEqual(toJSON(copy.frames.at(-1)));
      seen.push(summary(copy));
    }
  };
  produce(...LENGTHS);
  ring.consume(look);
  expect(seen).toEqual(EXPECTED);
  produce(40, 40, 40);
  expect(ring.consume(look)).toBe(3);
});

test('without it the error says what would help', () => {
  const ring = new RingBuffer<Event>(object.map('events'));
  produce(83);
  expect(() => ring.consume()).toThrow(RecordError);
  produce(83);
  expect(() => ring.consume()).toThrow(
    /too short for struct event, .* { short: 'zero' } reads what is missing as 0/,
  );
});

test('decode() takes fewer bytes, too', () => {
  const type = object.btf.type('struct event');
  const value = type.decode(Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 9), { short: 'zero' }) as Event;
  expect(summary(value)).toEqual(EXPECTED[3]);
  expect(() => type.decode(new Uint8Array(9))).toThrow(/{ short: 'zero' } reads what is missing as 0/);
});

test('an array of structs is read when one of them is, and ends with its batch', () => {
  const ring = new RingBuffer<Event>(object.map('events'));
  produce(96);
  let kept: RecordArrayOf<Event['frames'][number]>;
  ring.consume((batch) => {
    kept = batch.at(0)!.frames;
    expect([kept.length, kept.at(1)?.ip, kept.at(-1)?.line, kept[2]?.ip, kept.at(4)]).toEqual([
      4,
      2n,
      40,
      3n,
      undefined,
    ]);
    expect(Array.from(kept, ({ line }) => line)).toEqual([10, 20, 30, 40]);
    expect(() => ((kept as { x?: number }).x = 1)).toThrow(/read-only/);
  });
  expect(() => kept.at(0)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  expect(() => kept.read()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});
