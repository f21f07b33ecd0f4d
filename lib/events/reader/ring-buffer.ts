import { BPF_F_RB_OVERWRITE } from '../../uapi/map-flags';
import { checkOptions } from '../../util/check';
import { NotFoundError, UnsupportedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { NativeRingBuffer } from '../../native/surface/events';
import { keepParent } from '../../util/primordials';
import { Core } from './reader-core';
import { RecordSource } from '../record/record-memory';
import { checkMap, descriptorOf, type RecordMap } from './record-map';
import {
  READER_OPTIONS,
  RECORD_OPTIONS,
  RecordReader,
  type ReaderOptions,
  type RecordOptions,
} from './record-reader';

/** How full a ring is, in bytes: each record takes 8 more than its length, rounded up to 8. */
export interface RingState {
  /** ring__size */
  readonly size: number;
  /** What is not consumed yet, with what is reserved only. ring__avail_data_size */
  readonly available: number;
  /** Bytes consumed since the map was made. ring__consumer_pos */
  readonly consumerPosition: number;
  /** Bytes produced since then. ring__producer_pos */
  readonly producerPosition: number;
}

/**
 * Reads BPF ring buffers (`BPF_MAP_TYPE_RINGBUF`, kernel 5.8), several with one reader. The event loop waits for them,
 * without a thread and without a timer; the records are read in the kernel's own pages. libbpf's `ring_buffer`
 *
 * Closed by close(), and with the object of any of its maps. In one process a ring has one reader.
 */
export class RingBuffer<T = unknown> extends RecordReader<T> {
  readonly #native: NativeRingBuffer;
  readonly #core: Core;
  readonly #rings = new Map<RecordMap, number>();

  static {
    keepParent(this);
  }

  /** ring_buffer__new; needs the map to be created, so after load(). */
  constructor(map: RecordMap, options: ReaderOptions = {}) {
    checkMap(map);
    checkOptions<ReaderOptions>(options, 'options', READER_OPTIONS);
    const native = loadAddon().ringBuffer();
    const core = new Core(native, `map '${map.name}'`, options.busyPoll ?? false);
    super(core);
    this.#native = native;
    this.#core = core;
    try {
      this.#add(map, options);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Another map for the same reader, with records of its own type. ring_buffer__add @throws BusyError for one that it has */
  add(map: RecordMap, options: RecordOptions = {}): this {
    checkMap(map);
    checkOptions<RecordOptions>(options, 'options', RECORD_OPTIONS);
    this.#add(map, options);
    return this;
  }

  /** How full the ring of a map is; without one, of the first map. */
  state(map?: RecordMap): RingState {
    this.#core.check('ask for the state');
    const number = map === undefined ? 0 : this.#rings.get(map);
    if (number === undefined) {
      throw new NotFoundError(`map '${String(map?.name)}' is not one of this reader's`);
    }
    return this.#native.state(number);
  }

  #add(map: RecordMap, options: RecordOptions): void {
    const form = this.#core.formOf(map, options);
    const fd = descriptorOf(map);
    refuseOverwriting(map);
    const number = this.#native.add(fd, map.name);
    this.#rings.set(map, number);
    const source = new RecordSource(this.#native, number);
    this.#core.add(map, { number, source, form, origin: { map: map.name, cpu: undefined } }, this);
  }
}

/**
 * The producer of such a ring overtakes its reader by design, and the records are read backwards from where it is
 * (BPF_RB_OVERWRITE_POS): to a reader in place it looks as if somebody else read along.
 * @throws UnsupportedError
 */
export function refuseOverwriting({ name, flags }: Pick<RecordMap, 'name' | 'flags'>): void {
  if ((flags & BPF_F_RB_OVERWRITE) === 0) return;
  throw new UnsupportedError(
    `map '${name}' overwrites its oldest records (BPF_F_RB_OVERWRITE), which cannot be read here: make it without that flag`,
  );
}
