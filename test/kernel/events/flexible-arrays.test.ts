/** Flexible arrays wherever C allows them: the same elements by each way that records, bytes, values and variables are read. */
import { BpfMap, BpfObject, Btf, RingBuffer } from '../../../lib';
import { compileBpfSource } from '../../support/compile';

// The records are 40 bytes: 65, 66, …
const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct plain { int n; char tail[]; };
struct after_anonymous { int a; struct { int b; int c; }; char tail[]; };
struct in_anonymous { int n; struct { int m; __u32 tail[]; }; };
struct in_named { int n; struct inner { int m; char tail[]; } in; };
struct twice { int n; struct { int m; struct inner in; } in; };
struct unaligned { char n; struct { int m; char tail[]; } __attribute__((packed)) in; } __attribute__((packed));
struct declared { int n; union { struct { struct {} e1; char tail[]; }; struct { struct {} e2; __u32 words[]; }; }; };
struct in_union { int n; union { int m; char tail[0]; }; };
union whole { int n; char tail[0]; };
struct padded { __u64 n; int m; char tail[]; };
struct of_structs { int n; struct { short x, y; } tail[]; };
struct of_arrays { int n; short tail[][3]; };
struct of_large { int n; __u64 tail[]; };
struct of_pairs { int n; struct { __u64 large; } tail[]; };
struct nothing_behind { int n; char tail[0]; struct {} end; };
struct before { int a; struct { int b; char tail[0]; int c; }; int d; };
struct before_bits { int a; char tail[0]; int c : 3; };
struct enclosed { int n; struct inner in; int behind; };
struct elements { int n; struct inner in[2]; };
union all {
  struct plain u0; struct after_anonymous u1; struct in_anonymous u2; struct in_named u3; struct twice u4;
  struct unaligned u5; struct declared u6; struct in_union u7; union whole u8; struct padded u9; struct of_structs u10;
  struct of_arrays u11; struct of_large u12; struct nothing_behind u13; struct before u14; struct before_bits u15;
  struct enclosed u16; struct of_pairs u18; struct elements u17;
} *unused;
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 65536); } ring SEC(".maps");
struct padded given = { 1, 2, "abc" };
struct after_anonymous initialised = { 1, { 2, 3 }, "flexible" };
unsigned char raw[64];
SEC("syscall") int emit(void *ctx) { bpf_ringbuf_output(&ring, raw, 40, 0); return 0; }
`;

type Any = any;
const tail = (value: Any): Any => value.tail;
const own = (from: number, size = 40 - from) => Array.from({ length: size }, (_, i) => 65 + from + i);
const text = (from: number) => String.fromCharCode(...own(from));

let object: BpfObject;
let btf: Btf;
let bytes: Uint8Array;
beforeAll(() => {
  const file = compileBpfSource(SOURCE, 'flexible-arrays', ['-Wno-everything']);
  btf = Btf.fromFile(file);
  object = BpfObject.open(file);
  object.load();
  bytes = Uint8Array.from(own(0, 40));
  (object.section('.bss').variables.get('raw') as Any).write([...bytes, ...new Uint8Array(24)]);
});
afterAll(() => {
  object.close();
});

describe('as long as the memory', () => {
  test.each<[type: string, get: (value: Any) => unknown, expected: unknown]>([
    ['struct plain', tail, text(4)],
    ['struct after_anonymous', tail, text(12)],
    ['struct in_anonymous', (v) => v.tail.length, 8],
    ['struct in_named', (v) => v.in.tail, text(8)],
    ['struct twice', (v) => v.in.in.tail, text(12)],
    ['struct unaligned', (v) => v.in.tail, text(5)],
    ['struct declared', (v) => [v.tail, v.words.length, v.words[0]], [text(4), 9, 0x48474645]],
    ['struct in_union', tail, text(4)],
    ['union whole', tail, text(0)],
    ['struct padded', tail, text(12)],
    ['struct of_structs', (v) => [v.tail.length, v.tail[8].y], [9, 0x6867]],
    ['struct of_arrays', (v) => [v.tail.length, v.tail[5][2]], [6, 0x6867]],
    ['struct of_large', (v) => [v.tail.length, v.tail[3]], [4, 0x6867666564636261n]],
    ['struct nothing_behind', tail, text(4)],
    // What others follow, and what is in the elements of an array, has no room.
    ['struct before', tail, ''],
    ['struct before_bits', tail, ''],
    ['struct enclosed', (v) => v.in.tail, ''],
    ['struct elements', (v) => [v.in[0].tail, v.in[1].tail], ['', '']],
  ])('%s', async (type, get, expected) => {
    const seen = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(get(value), (_, part) =>
          typeof part === 'bigint' || typeof part === 'string' ? String(part) : part,
        ),
      );
    const wanted = JSON.parse(
      JSON.stringify(expected, (_, part) => (typeof part === 'bigint' ? String(part) : part)),
    );
    const answers: Record<string, unknown> = {};
    const ring = new RingBuffer(object.map('ring'), { type });
    const emit = (): void => {
      object.program('emit').testRun();
    };
    emit();
    ring.consume((batch) => {
      const view = batch.at(0) as Any;
      answers['at()'] = seen(view);
      answers['read() of a view'] = seen(view.read());
      answers['read() of a batch'] = seen(batch.read()[0]);
      for (const each of batch) answers['a view of many'] = seen(each);
      batch.forEach((each) => (answers['forEach()'] = seen(each)));
    });
    emit();
    answers['consume()'] = seen(ring.consume()[0]);
    emit();
    for await (const record of ring) {
      answers['for await'] = seen(record);
      break;
    }
    ring.close();
    const layout = btf.type(type).layout;
    const byLayout = new RingBuffer(object.map('ring'), { type: layout });
    emit();
    answers['by layout'] = seen(byLayout.consume()[0]);
    byLayout.close();
    answers['decode()'] = seen(btf.type(type).decode(bytes));
    for (const [name, answer] of Object.entries(answers)) expect([name, answer]).toEqual([name, wanted]);
  });
});

test('an element that is not a safe integer is named', () => {
  const type = btf.type('struct of_large');
  expect(() => type.decode(bytes, { int64: 'number' })).not.toThrow();
  const pairs = btf.type('struct of_pairs');
  expect(() => pairs.decode(bytes, { int64: 'number' })).toThrow(/^\.tail\[0\]\.large: /);
  expect(() => pairs.decode(bytes.subarray(0, 7))).toThrow(/has 8 bytes, and 7 are given/);
  const ring = new RingBuffer(object.map('ring'), { type: 'struct of_pairs', int64: 'number' });
  object.program('emit').testRun();
  expect(() => ring.consume()).toThrow(/^member tail of struct of_pairs, \[0\]\.large: /);
  ring.close();
});

test('variables: what the initialiser stored in the padding counts, too', () => {
  const variables = object.section('.data').variables;
  const given = variables.get('given') as Any;
  expect([given.size, given.value.tail.string, given.read().tail.string]).toEqual([16, 'abc', 'abc']);
  const initialised = variables.get('initialised') as Any;
  expect(initialised.read()).toMatchObject({ a: 1, b: 2, c: 3, tail: { string: 'flexible' } });
  initialised.write({ tail: 'changed' });
  expect(initialised.value.tail.string).toBe('changed');
  expect(initialised.value.c).toBe(3);
});

test('values of maps have the padding', () => {
  const map = BpfMap.create<number, Any>({
    type: 'array',
    key: 4,
    value: btf.type('struct padded').layout,
    maxEntries: 1,
  });
  map.set(0, { n: 1n, m: 2, tail: 'four' });
  expect(map.get(0)).toMatchObject({ n: 1n, m: 2, tail: { string: 'four' } });
  expect(() => map.set(0, { n: 1n, m: 2, tail: 'five5' })).toThrow(
    /\.tail: "five5" takes 5 bytes, there are 4/,
  );
  map.close();
});

test('bytes of the other byte order', () => {
  const file = compileBpfSource(
    'struct big { int n; unsigned short tail[]; }; struct big *unused; int x = 1;',
    'flexible-arrays-big',
    ['-Wno-everything', '-target', 'bpfeb'],
  );
  const value = Btf.fromFile(file)
    .type('struct big')
    .decode(Uint8Array.of(0, 0, 0, 1, 0, 2, 3, 4, 9)) as Any;
  expect(value).toEqual({ n: 1, tail: Uint16Array.of(2, 0x304) });
});
