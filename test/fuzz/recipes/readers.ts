import type { Give } from '../give';
import { Planned } from '../judge';
import { aborted, type Recipe, type Recipes } from './recipe';

const type = (give: Give): unknown =>
  give.pick<unknown>(
    'struct record',
    'struct text',
    { tag: 'kind', types: { KIND_OPEN: 'struct opened', KIND_CLOSE: 'struct closed' } },
    'struct nothing',
  );
export const recordOptions = (give: Give): object => ({
  type: give.perhaps(() => type(give), 0.7),
  int64: give.perhaps(() => give.pick('bigint', 'number')),
  busyPoll: give.perhaps(() => give.flag, 0.2),
});

/** A listener that is taken away again by the same name has to be the same one. */
const listeners = new WeakMap<object, (...given: unknown[]) => unknown>();
const listening: Recipe = (give, reader) => {
  const listener = listeners.get(reader) ?? give.callback;
  listeners.set(reader, listener);
  return ['records', listener];
};

const records: Recipe<never> = (give) => [give.perhaps(() => type(give)), aborted(give)];
const consume: Recipe<never> = (give) => [give.perhaps(() => give.callback, 0.7)];
const sample = (give: Give): unknown => give.pick<unknown>('struct command', give.below(64), 5000);

export const READERS: Recipes = {
  'iterator.throw': () => [new Planned('thrown into an iterator')],
  'RingBuffer.records': records,
  'RingBuffer.on': listening,
  'RingBuffer.off': listening,
  'RingBuffer.consume': consume,
  'RingBuffer.add': (give: Give) => [give.map, recordOptions(give)],
  'RingBuffer.state': (give: Give) => [give.perhaps(() => give.map)],
  'PerfBuffer.records': records,
  'PerfBuffer.on': listening,
  'PerfBuffer.off': listening,
  'PerfBuffer.consume': consume,
  'BpfIterator.records': (give: Give) => [type(give)],
  'RecordArray.at': (give: Give) => [give.number],
  'RecordBatch.at': (give: Give) => [give.number],
  'RecordBatch.bytes': (give: Give) => [give.number],
  'RecordBatch.forEach': (give: Give) => [give.callback],
  'UserRingBuffer.reserve': (give: Give) => [sample(give)],
  'UserRingBuffer.reserveBlocking': (give: Give) => [
    sample(give),
    { signal: give.perhaps(() => give.signal, 0.7) },
  ],
  'UserRingBuffer.submit': (give: Give) => [
    give.pick<unknown>({ id: 1, amount: give.bigint }, give.bytes()),
    give.perhaps(() => 'struct command'),
  ],
  'UserSample.write': (give: Give) => [{ id: give.number, amount: give.bigint }],
};
