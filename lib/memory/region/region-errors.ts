/** What is said where the memory of a section or map cannot be used. */
import { ClosedError, NotLoadedError, ReadOnlyError, UnsupportedError, ValueRangeError } from '../../errors';

/** What a region is the memory of. */
export type RegionOf = 'section' | 'map';

const READ_ONLY = {
  section: 'the kernel maps it read-only after load; set it before load()',
  map: 'it is frozen, or was opened for reading only',
} as const;

const CLOSED = { section: ': its object is closed', map: ' is closed' } as const;

export class RegionErrors {
  /** "section '.bss'" */
  readonly subject: string;
  readonly #of: RegionOf;

  constructor(of: RegionOf, name: string) {
    this.#of = of;
    this.subject = `${of} '${name}'`;
  }

  pending(): NotLoadedError {
    return new NotLoadedError(`${this.subject} has no memory yet: its object is not open or not loaded`);
  }

  closed(): ClosedError {
    return new ClosedError(`${this.subject}${CLOSED[this.#of]}`);
  }

  readOnly(): ReadOnlyError {
    return new ReadOnlyError(`${this.subject} is read-only: ${READ_ONLY[this.#of]}`);
  }

  late(): UnsupportedError {
    return new UnsupportedError(`resize ${this.subject}: only possible before load()`);
  }

  notAtomic(): UnsupportedError {
    return new UnsupportedError(
      `${this.subject} cannot be mapped: it is read and written by system calls, which are not atomic`,
    );
  }

  beyondEnd(size: number): ValueRangeError {
    return new ValueRangeError(`${this.subject} has ${size} bytes: this lies beyond its end`);
  }

  /** On Node 22 and later, and before load on every Node, users can move a buffer away with transfer(). */
  lost(): ClosedError {
    return new ClosedError(
      `${this.subject}: its memory was taken away (the buffer of one of its arrays was transferred or detached)`,
    );
  }
}
