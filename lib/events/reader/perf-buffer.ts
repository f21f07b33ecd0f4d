import { checkInteger, checkOptions } from '../../util/check';
import { ArgumentError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { NativePerfBuffer } from '../../native/surface/events';
import { checkMap, descriptorOf, type RecordMap } from './record-map';
import { keepParent } from '../../util/primordials';
import { Core } from './reader-core';
import { RecordSource } from '../record/record-memory';
import { READER_OPTIONS, RecordReader, type ReaderOptions } from './record-reader';

export interface PerfBufferOptions extends ReaderOptions {
  /** Pages of each CPU's buffer, a power of two. Default 64. */
  readonly pages?: number | undefined;
  /** Wakes up after so many records of a CPU. Default 1; perf_event_attr.wakeup_events */
  readonly wakeupEvents?: number | undefined;
  /** Wakes up after so many bytes of a CPU, in place of wakeupEvents. perf_event_attr.wakeup_watermark */
  readonly wakeupBytes?: number | undefined;
}

const OPTIONS = {
  ...READER_OPTIONS,
  pages: 'integer',
  wakeupEvents: 'integer',
  wakeupBytes: 'integer',
} as const;

/**
 * Reads a perf event array (`BPF_MAP_TYPE_PERF_EVENT_ARRAY`, kernel 4.4), for kernels without ring buffers: one buffer a
 * CPU, each batch from one of them (`batch.cpu`). The kernel hands out records with up to 7 bytes of padding after them.
 * libbpf's `perf_buffer`
 */
export class PerfBuffer<T = unknown> extends RecordReader<T> {
  readonly #native: NativePerfBuffer;
  #lost = 0;

  static {
    keepParent(this);
  }

  /**
   * perf_buffer__new_raw; needs the map to be created, so after load().
   * @throws BusyError while this process has another one of the map
   */
  constructor(map: RecordMap, options: PerfBufferOptions = {}) {
    checkMap(map);
    checkOptions<PerfBufferOptions>(options, 'options', OPTIONS);
    const { pages = 64, wakeupEvents = 1, wakeupBytes = 0, ...reading } = options;
    checkInteger(pages, 'options.pages', 1, 1 << 20);
    if ((pages & (pages - 1)) !== 0) {
      throw new ArgumentError(`options.pages must be a power of two, not ${String(pages)}`);
    }
    checkInteger(wakeupEvents, 'options.wakeupEvents', 1, 0xffff_ffff);
    checkInteger(wakeupBytes, 'options.wakeupBytes', 0, 0xffff_ffff);
    const native = loadAddon().perfBuffer(descriptorOf(map), map.name, pages, wakeupEvents, wakeupBytes);
    const core = new Core(native, `map '${map.name}'`, options.busyPoll ?? false);
    super(core);
    this.#native = native;
    try {
      const form = core.formOf(map, reading);
      native.sources().forEach((cpu, number) => {
        const source = new RecordSource(native, number);
        core.add(map, { number, source, form, origin: { map: map.name, cpu } }, this);
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** How many records the kernel has dropped because a CPU's buffer was full, as far as it has said so until now. */
  get lost(): number {
    if (!this.closed) this.#lost += this.#native.takeLost();
    return this.#lost;
  }

  override close(): void {
    if (!this.closed) this.#lost += this.#native.takeLost();
    super.close();
  }

  /** @internal */
  protected override shown(): Record<string, () => unknown> {
    return { ...super.shown(), lost: () => this.lost };
  }
}
