import type * as Subskel from '../../../lib';
import type { Give } from '../give';
import { aborted, type Recipe, type Recipes } from './recipe';

type Map = Subskel.BpfMap;
type OfMap = Recipe<Map>;

const batch = (give: Give): object => ({ size: give.perhaps(() => 1 + give.below(9)) });
const onlyBatch: OfMap = (give) => [batch(give)];
const keyed: OfMap = (give, map) => [give.key(map)];
const valued: OfMap = (give, map) => [give.value(map)];
const flags = (give: Give): number | undefined => give.perhaps(() => give.pick(0, 1, 2, 4));

const many: OfMap = (give, map) => {
  const entries = Array.from({ length: give.below(9) }, () => [give.key(map), give.value(map)]);
  return [give.flag ? entries : meddlingEntries(give, entries), flags(give)];
};

/** Something happens to the map between two elements. */
function* meddlingEntries(give: Give, entries: readonly unknown[]): Generator {
  for (const entry of entries) {
    if (give.random.chance(0.2)) give.world.meddle();
    yield entry;
  }
}

export const MAPS: Recipes = {
  'BpfMap.get': keyed,
  'BpfMap.has': keyed,
  'BpfMap.delete': keyed,
  'BpfMap.take': keyed,
  'BpfMap.set': ((give, map) => [give.key(map), give.value(map), flags(give)]) satisfies OfMap,
  'BpfMap.setOnAllCpus': ((give, map) => [
    give.key(map),
    give.fitting(map.valueType, map.valueSize),
  ]) satisfies OfMap,
  'BpfMap.push': valued,
  'BpfMap.mayContain': valued,
  'BpfMap.entries': onlyBatch,
  'BpfMap.keys': onlyBatch,
  'BpfMap.values': onlyBatch,
  'BpfMap.batches': onlyBatch,
  'BpfMap.rawBatches': onlyBatch,
  'BpfMap.drain': onlyBatch,
  'BpfMap.setMany': many,
  'BpfMap.deleteMany': ((give, map) => [
    Array.from({ length: give.below(6) }, () => give.key(map)),
  ]) satisfies OfMap,
  'BpfMap.withInt64': (give: Give) => [give.pick('bigint', 'number')],
  'BpfMap.inner': keyed,
  'BpfMap.at': (give: Give) => [give.number],
  'BpfMap.records': (give: Give) => [
    give.perhaps(() => give.pick('struct record', 'struct text', 'struct opened')),
    { ...aborted(give), busyPoll: give.perhaps(() => give.flag) },
  ],
  'BpfMap.maxEntries': (give: Give) => [1 + give.below(64)],
  'BpfMap.autocreate': (give: Give) => [give.flag],
  'BpfMap.autoattach': (give: Give) => [give.flag],
  'BpfMap.pinPath': (give: Give) => [give.perhaps(() => give.pin, 0.7)],
  'BpfMap.pin': (give: Give) => [give.perhaps(() => give.pin, 0.9)],
  'BpfMap.unpin': (give: Give) => [give.perhaps(() => give.pin, 0.5)],
  'BpfMap.reuse': (give: Give) => [give.pick<unknown>(give.map, give.fd, give.pin)],
  'BpfMap.setInnerMap': (give: Give) => [give.map],
};
