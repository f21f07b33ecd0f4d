import { read as readCallback, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { codecFor, type CodecOptions } from '../../btf/codec/codec';
import { shorten, SHORT } from '../../btf/codec/short-value';
import type { StructType, Type } from '../../btf/layout/layout-model';
import type { RawBtf } from '../../btf/records/record-table';
import { ClosedError, RecordError, UnsupportedError } from '../../errors';
import { structOf } from '../../events/record/record-form';
import { failure } from '../../native/failure/failure';
import { hasCode } from '../../util/has-code';
import type { NativeFd } from '../../native/surface/handles';
import { viewOf } from '../../util/bytes';
import { checkOptions } from '../../util/check';

const read = promisify(readCallback);

/** What the kernel's seq_file hands out at once for BPF iterators, at most. */
const CHUNK = 32 << 10;

export interface IteratorRecordsOptions {
  /** What 64-bit integers become. Default 'bigint'. */
  readonly int64?: 'bigint' | 'number' | undefined;
  /** 'zero': the last struct may end early. What is missing is 0, an array at its end is as long as what came. */
  readonly short?: 'zero' | undefined;
}

/** The kernel pauses after a million objects (MAX_ITER_OBJECTS) of which the program has written nothing, and goes on there. */
const isPaused = (error: unknown): boolean => hasCode(error, 'EAGAIN');

/**
 * One pass of a BPF iterator (bpf_iter_create, kernel 5.8): what its program writes with bpf_seq_printf() and
 * bpf_seq_write(), read once from start to end. `link.iterate()` makes another.
 */
export class BpfIterator {
  readonly #native: NativeFd;
  readonly #subject: string;
  readonly #btf: (() => RawBtf) | undefined;
  #closed = false;
  #reading = 0;

  /** @internal */
  constructor(native: NativeFd, subject: string, btf?: () => RawBtf) {
    this.#btf = btf;
    this.#native = native;
    this.#subject = subject;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** All of the rest at once, as bytes; closes it. The program runs meanwhile: the event loop waits. */
  read(): Uint8Array {
    this.#open();
    const chunks: Uint8Array[] = [];
    try {
      for (;;) {
        const chunk = new Uint8Array(CHUNK);
        const length = this.#readNow(chunk);
        if (length === 0) break;
        chunks.push(chunk.subarray(0, length));
      }
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.close();
    }
    return Uint8Array.from(Buffer.concat(chunks));
  }

  /** As read(), as UTF-8 text. */
  text(): string {
    return Buffer.from(this.read()).toString('utf8');
  }

  /** The bytes as they come; closes it at the end, or when the loop over them ends. The program runs in another thread. */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#open();
    try {
      for (;;) {
        const chunk = await this.#next();
        if (chunk === undefined) return;
        yield chunk;
      }
    } finally {
      this.close();
    }
  }

  /** The lines of its text, without their ends. */
  async *lines(): AsyncGenerator<string, void, undefined> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this.bytes()) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  }

  /**
   * What its program writes as structs, one after the other, with bpf_seq_write(): plain copies.
   * @param type the C name of the struct, or a layout (`btf.type(name).layout`)
   * @throws (when iterated) RecordError where the bytes end within a struct
   */
  records<R = Record<string, unknown>>(
    type: string | Type,
    options: IteratorRecordsOptions = {},
  ): AsyncGenerator<R, void, undefined> {
    checkOptions<IteratorRecordsOptions>(options, 'options', {
      int64: ['bigint', 'number'],
      short: SHORT,
    });
    const struct = structOf(type, () => this.#types(), 'type');
    return structs(this.bytes(), struct, {
      int64: options.int64 ?? 'bigint',
      short: options.short,
    }) as AsyncGenerator<R, void, undefined>;
  }

  /** Safe to call more than once. */
  close(): void {
    this.#closed = true;
    // A read that is under way has the number of the descriptor: it is closed after that.
    if (this.#reading === 0) this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** undefined at the end. */
  async #next(): Promise<Uint8Array | undefined> {
    this.#open();
    const chunk = new Uint8Array(CHUNK);
    this.#reading++;
    try {
      const bytesRead = await this.#readLater(chunk);
      return bytesRead === 0 ? undefined : chunk.subarray(0, bytesRead);
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.#reading--;
      if (this.#closed && this.#reading === 0) this.#native.close();
    }
  }

  #types(): RawBtf {
    if (this.#btf !== undefined) return this.#btf();
    throw new UnsupportedError(
      `${this.#subject}: its program belongs to no object, so that there is no BTF to look types up: give their layout, \`btf.type(name).layout\``,
    );
  }

  #readNow(chunk: Uint8Array): number {
    for (;;) {
      try {
        return readSync(this.#native.fd, chunk);
      } catch (error) {
        if (!isPaused(error)) throw error;
      }
    }
  }

  async #readLater(chunk: Uint8Array): Promise<number> {
    for (;;) {
      // Closed meanwhile, or ended by close().
      this.#open();
      try {
        return (await read(this.#native.fd, chunk, 0, CHUNK, null)).bytesRead;
      } catch (error) {
        if (!isPaused(error)) throw error;
      }
    }
  }

  #failed(error: unknown): Error {
    if (error instanceof ClosedError) return error;
    const { errno = -5 } = error as NodeJS.ErrnoException;
    return failure({ kind: 'bpf', syscall: 'read', errno: -errno, subject: this.#subject, log: '' });
  }

  #open(): void {
    if (this.#closed) throw new ClosedError(`${this.#subject} is closed, or has been read`);
  }
}

/** Structs that lie one after the other, wherever the bytes are cut into chunks. */
async function* structs(
  chunks: AsyncIterable<Uint8Array>,
  type: StructType,
  options: CodecOptions & Pick<IteratorRecordsOptions, 'short'>,
): AsyncGenerator<unknown, void, undefined> {
  const { size, spelling } = type;
  if (size === 0) throw new RecordError(`${spelling} has no bytes, so that none can be told from the next`);
  const codec = codecFor(type, options);
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const view = viewOf(bytes);
    let at = 0;
    for (; at + size <= bytes.length; at += size) yield codec.read(view, at);
    rest = bytes.subarray(at);
  }
  if (rest.length === 0) return;
  if (options.short === 'zero') {
    const whole = new Uint8Array(size);
    whole.set(rest);
    yield shorten(type, codec.read(viewOf(whole), 0), rest.length);
    return;
  }
  throw new RecordError(
    `the iterator ends with ${String(rest.length)} bytes that are too few for ${spelling}, which has ${String(size)}: is that what its program writes?`,
  );
}
