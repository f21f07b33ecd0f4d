/** Types of records and their readers, as generated modules have them. Checked by tsc alone: nothing here runs. */
import {
  PerfBuffer,
  RingBuffer,
  toJSON,
  type Batch,
  type BpfIterator,
  type BpfMap,
  type RecordsMap,
  type Subskeleton,
  type Type,
  type TypedDecode,
} from '../../lib';
import { check, type Equal } from './equal';

/** As the generator writes it. */
interface opened<Int64 = bigint> {
  inode: Int64;
  where: bigint;
}
interface closed {
  result: number;
}
interface Structs<Int64 = bigint> {
  'struct opened': opened<Int64>;
  'struct closed': closed;
}
interface Library extends Subskeleton {
  readonly maps: {
    readonly events: RecordsMap<Structs, Structs<number>>;
    readonly declared: RecordsMap<Structs, Structs<number>, Structs, 'struct opened'>;
    readonly unlisted: RecordsMap<Structs, Structs<number>, Structs, string>;
  };
  readonly decode: TypedDecode<Structs, Structs<number>>;
}
declare const library: Library;
declare const layout: Type;
declare const iterator: BpfIterator;
const { events, declared, unlisted } = library.maps;
const any: BpfMap = events;

type Given<R> = R extends AsyncIterable<infer T> ? T : never;

export function iterations(): void {
  const one = events.records('struct opened');
  check(true satisfies Equal<Given<typeof one>, opened>);
  check(true satisfies Equal<typeof one.lost, number | undefined>);
  const numbers = events.records('struct opened', { int64: 'number' });
  check(true satisfies Equal<Given<typeof numbers>, opened<number>>);
  const map = events.withInt64('number');
  const followed = map.records('struct opened');
  check(true satisfies Equal<Given<typeof followed>, opened<number>>);
  const back = map.withInt64('bigint').records('struct opened');
  check(true satisfies Equal<Given<typeof back>, opened>);
  const bytes = events.records();
  check(true satisfies Equal<Given<typeof bytes>, Uint8Array>);
  const tagged = events.records({ tag: 'kind', types: { 1: 'struct opened', 2: 'struct closed' } });
  check(true satisfies Equal<Given<typeof tagged>, opened | closed>);
  const typed = declared.records(undefined, { int64: 'number' });
  check(true satisfies Equal<Given<typeof typed>, opened<number>>);
  const raw = declared.records(null);
  check(true satisfies Equal<Given<typeof raw>, Uint8Array>);
  const other = declared.records('struct closed');
  check(true satisfies Equal<Given<typeof other>, closed>);
  const unknown = unlisted.records();
  check(true satisfies Equal<Given<typeof unknown>, unknown>);
  toJSON([one, numbers, followed, back, bytes, tagged, typed, raw, other, unknown, events.records(layout)]);
  // @ts-expect-error there is no such struct
  events.records('struct typo');
  // @ts-expect-error there is no such struct
  events.records({ tag: 'kind', types: { 1: 'struct typo' } });
  // @ts-expect-error there is no such option
  events.records('struct opened', { int65: 'number' });
  // What nothing is known of takes any name.
  check(true satisfies Equal<Given<ReturnType<typeof any.records<closed>>>, closed>);
  any.records('struct of_somebody');
}

export function readers(): void {
  const ring = new RingBuffer(events, { type: 'struct opened' });
  check(true satisfies Equal<typeof ring, RingBuffer<opened>>);
  ring.on('records', (batch: Batch<opened>) => {
    const inodes: bigint[] = Array.from(batch, ({ inode }) => inode);
    const all: opened[] = batch.read();
    toJSON([inodes, all]);
  });
  const records: opened[] = ring.consume();
  ring.consume((batch) => {
    const all: opened[] = batch.read();
    toJSON(all);
  });
  const perf = new PerfBuffer(events, { type: 'struct opened', int64: 'number', pages: 8 });
  check(true satisfies Equal<typeof perf, PerfBuffer<opened<number>>>);
  const numbers = new RingBuffer(events.withInt64('number'), { type: 'struct opened' });
  check(true satisfies Equal<typeof numbers, RingBuffer<opened<number>>>);
  const itself = new RingBuffer(declared);
  check(true satisfies Equal<typeof itself, RingBuffer<opened>>);
  const bytes = new RingBuffer(events);
  check(true satisfies Equal<typeof bytes, RingBuffer<Uint8Array>>);
  toJSON([records, perf, numbers, itself, bytes]);
  // @ts-expect-error there is no such struct
  new RingBuffer(events, { type: 'struct typo' });
  // @ts-expect-error there is no such option
  new PerfBuffer(events, { type: 'struct opened', page: 8 });
  // @ts-expect-error what is known of the map cannot be something else
  new RingBuffer<{ nonsense: string }>(events, { type: 'struct opened' });
  // Of a map that nothing is known of records are what you say.
  const mine: RingBuffer<closed> = new RingBuffer<closed>(any, { type: 'struct closed' });
  const nothing = new RingBuffer(any);
  check(true satisfies Equal<typeof nothing, RingBuffer>);
  toJSON([mine, nothing]);
}

export function values(): void {
  const value = library.decode('struct opened', new Uint8Array(16));
  check(true satisfies Equal<typeof value, opened>);
  const numbers: opened<number> = library.decode('struct opened', new Uint8Array(16), { int64: 'number' });
  const tasks = iterator.records<closed>('struct closed');
  check(true satisfies Equal<Given<typeof tasks>, closed>);
  toJSON([value, numbers, tasks]);
  // @ts-expect-error there is no such struct
  library.decode('struct typo', new Uint8Array(16));
}
