/** `map.records()`: a reader for one iteration. */
import { ON_ABORT } from '../../util/abort';
import { checkOptions, checkSignal } from '../../util/check';
import { UnsupportedError } from '../../errors';
import { PerfBuffer } from './perf-buffer';
import { SHORT, type RecordType } from '../record/record-form';
import type { RecordMap } from './record-map';
import type { ReaderOptions, RecordReader } from './record-reader';
import type { StreamOptions } from './record-stream';
import { RingBuffer } from './ring-buffer';

export type MapRecordsOptions = Omit<ReaderOptions, 'type'> & StreamOptions;

/** The records of a map, one by one. */
export interface MapRecords<T> extends AsyncIterableIterator<T, undefined> {
  /**
   * Of a perf event array: how many records the kernel has dropped because a CPU's buffer was full, as far as it has said so
   * until now, also when the iteration is over. undefined of a ring buffer: a program hears itself when it is full.
   */
  readonly lost: number | undefined;
}

export function mapRecords(
  map: RecordMap,
  type: RecordType | undefined,
  options: MapRecordsOptions,
): MapRecords<unknown> {
  checkOptions<MapRecordsOptions>(options, 'options', {
    int64: ['bigint', 'number'],
    short: SHORT,
    busyPoll: 'boolean',
    signal: 'any',
    onAbort: ON_ABORT,
  });
  const { signal, onAbort, ...reading } = options;
  checkSignal(signal);
  const reader = open(map, { ...reading, type });
  return reader.recordsThenClose({ signal, onAbort }, () =>
    reader instanceof PerfBuffer ? reader.lost : undefined,
  );
}

function open(map: RecordMap, options: ReaderOptions): RecordReader {
  switch (map.type) {
    case 'ringbuf':
      return new RingBuffer(map, options);
    case 'perf_event_array':
      return new PerfBuffer(map, options);
    default:
      throw new UnsupportedError(
        `map '${map.name}' is a ${map.type}: only ring buffers and perf event arrays have records`,
      );
  }
}
