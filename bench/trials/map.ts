/** Elements of maps against C programs that use the same libbpf: one by one, and a whole map. */
import { BpfObject, kernel, type BpfMap } from '../../lib';
import { compileBpfSource } from '../../test/support/compile';
import { compare, cpuTime, type Measured } from '../measure';
import { runReference } from '../reference';

type MapType = 'hash' | 'percpu_hash';

interface Value {
  packets: bigint | number;
  bytes: bigint | number;
  last: number;
  flags: number;
}

const source = (type: MapType): string => `#include <linux/bpf.h>
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
struct value { __u64 packets; __u64 bytes; __u32 last; __u32 flags; };
struct {
	__uint(type, BPF_MAP_TYPE_${type.toUpperCase()});
	__type(key, __u32);
	__type(value, struct value);
	__uint(max_entries, 1);
} values SEC(".maps");
char LICENSE[] SEC("license") = "GPL";
`;

/** A map of `entries` elements, filled as the C reference fills its own. */
function open<V>(type: MapType, entries: number): { map: BpfMap<number, V>; object: BpfObject } {
  const object = BpfObject.open(compileBpfSource(source(type), `bench_${type}`));
  const map = object.map<number, V>('values');
  map.maxEntries = entries;
  object.load();
  return { map, object };
}

const value = (key: number): Value => ({
  packets: BigInt(key),
  bytes: BigInt(key * 100),
  last: key,
  flags: 1,
});

let sink: unknown;

export function single(): Measured[] {
  const entries = 1000;
  const { map, object } = open<Value>('hash', entries);
  map.setMany(Array.from({ length: entries }, (_, key) => [key, value(key)] as const));
  const numbers = map.withInt64('number');
  const rounds = 60;
  const each = (work: (key: number) => void) => (): number => {
    const taken = cpuTime(() => {
      for (let round = 0; round < rounds; round++) for (let key = 0; key < entries; key++) work(key);
    });
    return taken / rounds / entries;
  };
  const reference = (what: string) => (): number => runReference('map_elements', [what, 'hash', entries, 61]);
  const get = each((key) => (sink = map.get(key)?.packets));
  const getNumber = each((key) => (sink = numbers.get(key)?.packets));
  const set = each((key) => map.set(key, { packets: 1n, bytes: 100n, last: key, flags: 1 }));
  const setNumber = each((key) => numbers.set(key, { packets: key, bytes: key, last: key, flags: 1 }));
  for (const warm of [get, getNumber, set, setNumber]) warm();
  const results = [
    compare('get, u32 → 24-byte struct / C', 7, get, reference('get'), 'ns', 1.25),
    compare('get, 64 bits as numbers / C', 7, getNumber, reference('get'), 'ns', 1.25),
    compare('set, u32 → 24-byte struct / C', 7, set, reference('set'), 'ns', 1.25),
    compare('set, 64 bits as numbers / C', 7, setNumber, reference('set'), 'ns', 1.25),
  ];
  object.close();
  return results;
}

export function whole(
  type: MapType,
  entries: number,
  rounds: number,
  bars: readonly (number | undefined)[],
): Measured[] {
  const { map, object } = open<Value | Value[]>(type, entries);
  const cpus = type === 'hash' ? 0 : kernel.possibleCpus;
  const all = (key: number): Value | Value[] =>
    cpus === 0 ? value(key) : Array.from({ length: cpus }, () => value(key));
  map.setMany(
    (function* () {
      for (let key = 0; key < entries; key++) yield [key, all(key)] as const;
    })(),
  );
  const numbers = map.withInt64('number');
  const walk = (elements: () => Iterable<unknown>) => (): number => {
    let count = 0;
    const taken = cpuTime(() => {
      for (const element of elements()) {
        sink = element;
        count++;
      }
    });
    if (count !== entries) throw new Error(`${String(count)} elements instead of ${String(entries)}`);
    return taken / entries;
  };
  const raw = (): number => {
    let count = 0;
    const taken = cpuTime(() => {
      for (const batch of map.rawBatches()) count += batch.count;
    });
    if (count !== entries) throw new Error(`${String(count)} elements instead of ${String(entries)}`);
    return taken / entries;
  };
  const inBatches = (): number => {
    let count = 0;
    const taken = cpuTime(() => {
      for (const batch of map.batches()) for (const element of batch) if (element !== sink) count++;
    });
    if (count !== entries) throw new Error(`${String(count)} elements instead of ${String(entries)}`);
    return taken / entries;
  };
  const reference = (what: string) => (): number => runReference('map_elements', [what, type, entries, 3]);
  const entriesOf = walk(() => map.entries());
  const entriesOfNumbers = walk(() => numbers.entries());
  for (const warm of [entriesOf, entriesOfNumbers, raw, inBatches]) warm();
  const name = `${type}, ${String(entries)} elements`;
  const results = [
    compare(
      `${name}: entries() / C, batches, one member`,
      rounds,
      entriesOf,
      reference('sum'),
      'ns',
      bars[0],
    ),
    compare(
      `${name}: entries(), numbers / the same`,
      rounds,
      entriesOfNumbers,
      reference('sum'),
      'ns',
      bars[0],
    ),
    compare(`${name}: batches() / the same`, rounds, inBatches, reference('sum'), 'ns', bars[0]),
    compare(`${name}: rawBatches() / C, batches`, rounds, raw, reference('batches'), 'ns', bars[1]),
  ];
  if (type === 'hash') {
    results.push(
      compare(`${name}: entries() / C, key by key`, rounds, entriesOf, reference('walk'), 'ns', 0.25),
    );
  }
  object.close();
  return results;
}

export function run(): Measured[] {
  return [
    ...single(),
    ...whole('hash', 1_000_000, 5, [1.5, 1.1]),
    ...whole('percpu_hash', 100_000, 5, [undefined, undefined]),
  ];
}
