/** What a reader does for those who consume its records, and what they do for it. */
import type { NativeRecordReader } from '../../native/surface/events';
import type { RecordForm, RecordOrigin } from '../record/record-batch';
import type { RecordSource } from '../record/record-memory';

/** One ring of a reader, or one CPU's perf buffer. */
export interface Channel {
  readonly number: number;
  readonly source: RecordSource;
  readonly form: RecordForm;
  readonly origin: RecordOrigin;
}

/** One at a time has the reader. */
export interface Consumer {
  /** Whether it waits for records: only then the reader looks for some. */
  readonly waiting: boolean;
  /** Whether taking or giving back records failed, and not something that user code did with them. */
  readonly stuck: boolean;
  /** There may be records. */
  wake(): void;
  /** The reader closes. */
  end(): void;
}

export interface ReaderCore {
  readonly native: NativeRecordReader;
  readonly channels: readonly Channel[];
  readonly closed: boolean;
  /** @throws BusyError, ClosedError */
  attach(consumer: Consumer): void;
  detach(consumer: Consumer): void;
  /** `waiting` has changed. */
  update(): void;
}
