import { BusyError, ClosedError, UnsupportedError } from '../../errors';
import type { NativeRecordReader } from '../../native/surface/events';
import type { Closable } from '../../util/closable';
import { append } from '../../util/primordials';
import type { RecordFormOptions } from '../record/record-class';
import { recordForm, type RecordType } from '../record/record-form';
import type { Type } from '../../btf/layout/layout-model';
import type { Channel, Consumer, ReaderCore } from './consumer';
import type { RecordForm } from '../record/record-batch';
import { factsOf, ownerOf, type RecordMap } from './record-map';
import { Watcher } from './watcher';

/** How the records of a map are to be read. */
interface Reading {
  readonly type?: RecordType | undefined;
  readonly int64?: 'bigint' | 'number' | undefined;
  readonly short?: 'zero' | undefined;
}

/**
 * What is behind a reader: its rings, who consumes their records, and when they are looked for. Whatever leads to the rings'
 * memory stays in here: methods of the reader itself could be replaced.
 */
export class Core implements ReaderCore {
  readonly native: NativeRecordReader;
  readonly channels: Channel[] = [];
  readonly maps = new Set<RecordMap>();
  readonly #name: string;
  readonly #watcher: Watcher;
  #options: RecordFormOptions = { int64: 'bigint' };
  #close = (): void => undefined;
  #consumer: Consumer | undefined;
  #closed = false;

  constructor(native: NativeRecordReader, name: string, busyPoll: boolean) {
    this.native = native;
    this.#name = name;
    this.#watcher = new Watcher(native, busyPoll, () => {
      if (this.#consumer?.waiting !== true) {
        this.#watcher.rest();
        return;
      }
      this.flush();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** `close` is called where its rings cannot be read any more. */
  onStuck(close: () => void): void {
    this.#close = close;
  }

  /** How the records of a map are to be read, from here on also by records() with a type of its own. */
  formOf(map: RecordMap, options: Reading): RecordForm {
    this.check('add a map');
    const says = factsOf(map);
    this.#options = { int64: options.int64 ?? says?.int64 ?? 'bigint', short: options.short };
    const type = options.type === undefined ? structIn(says?.valueType()) : options.type;
    return recordForm(type, () => btfOf(map), this.#options, 'options.type');
  }

  /** Another form for the records of its first map. */
  formLike(type: RecordType | undefined): RecordForm | undefined {
    const [map] = this.maps;
    if (type === undefined || map === undefined) return undefined;
    return recordForm(type, () => btfOf(map), this.#options);
  }

  add(map: RecordMap, channel: Channel, reader: Closable): void {
    append(this.channels, channel);
    this.maps.add(map);
    ownerOf(map)?.readers.add(reader);
  }

  /** The owners of its maps close it no more. */
  leave(reader: Closable): void {
    for (const map of this.maps) ownerOf(map)?.readers.delete(reader);
  }

  check(operation: string): void {
    if (this.#closed) throw new ClosedError(`${operation}: the reader of ${this.#name} is closed`);
  }

  /** Makes it the one consumer, if there is no other. */
  claim(operation: string, consumer: Consumer): void {
    this.check(operation);
    if (this.#consumer !== undefined && this.#consumer !== consumer) {
      throw new BusyError(
        `${operation}: the records of ${this.#name} go to somebody else already (a listener of 'records', an iteration, ` +
          'or consume()); a reader has one consumer at a time',
      );
    }
    this.#consumer = consumer;
  }

  attach(consumer: Consumer): void {
    this.claim('read', consumer);
  }

  detach(consumer: Consumer): void {
    if (this.#consumer !== consumer) return;
    this.#consumer = undefined;
    this.update();
  }

  update(): void {
    if (!this.#closed) this.#watcher.want(this.#consumer?.waiting === true);
  }

  reference(on: boolean): void {
    if (!this.#closed) this.#watcher.reference(on);
  }

  /** Looks for records now. There may be more than come at once: the next turn of the event loop looks again. */
  flush(): void {
    const consumer = this.#consumer;
    try {
      consumer?.wake();
    } catch (error) {
      // Somebody else reads the ring, too. Without this the same error would come with each turn of the event loop.
      if (consumer?.stuck === true) this.#close();
      throw error;
    } finally {
      this.update();
    }
  }

  close(): void {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    try {
      consumer?.end();
    } finally {
      this.#closed = true;
      this.native.close();
    }
  }
}

/** What is no struct is the size of what a perf event array stores for itself. */
function structIn(type: Type | undefined): Type | undefined {
  return type?.kind === 'struct' || type?.kind === 'union' ? type : undefined;
}

function btfOf(map: RecordMap): ReturnType<NonNullable<ReturnType<typeof ownerOf>>['btf']> {
  const owner = ownerOf(map);
  if (owner === undefined) {
    throw new UnsupportedError(
      `map '${map.name}' belongs to no object, so that there is no BTF to look types up: give their layout, \`btf.type(name).layout\``,
    );
  }
  return owner.btf();
}
