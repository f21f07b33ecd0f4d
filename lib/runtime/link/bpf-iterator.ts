import { read as readCallback, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { ClosedError } from '../../errors';
import { failure } from '../../native/failure/failure';
import type { NativeFd } from '../../native/surface/handles';

const read = promisify(readCallback);

/** What the kernel's seq_file hands out at once for BPF iterators, at most. */
const CHUNK = 32 << 10;

/**
 * One pass of a BPF iterator (bpf_iter_create, kernel 5.8): what its program writes with bpf_seq_printf() and
 * bpf_seq_write(), read once from start to end. `link.iterate()` makes another.
 */
export class BpfIterator {
  readonly #native: NativeFd;
  readonly #subject: string;
  #closed = false;
  #reading = 0;

  /** @internal */
  constructor(native: NativeFd, subject: string) {
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
        const length = readSync(this.#native.fd, chunk);
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
      const { bytesRead } = await read(this.#native.fd, chunk, 0, CHUNK, null);
      return bytesRead === 0 ? undefined : chunk.subarray(0, bytesRead);
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.#reading--;
      if (this.#closed && this.#reading === 0) this.#native.close();
    }
  }

  #failed(error: unknown): Error {
    const { errno = -5 } = error as NodeJS.ErrnoException;
    return failure({ kind: 'bpf', syscall: 'read', errno: -errno, subject: this.#subject, log: '' });
  }

  #open(): void {
    if (this.#closed) throw new ClosedError(`${this.#subject} is closed, or has been read`);
  }
}
