/** What codecs are to each other: those of larger types are made of the steps of smaller ones. */

export interface Codec<T = unknown> {
  /** Bytes. */
  readonly size: number;
  /** A plain copy of the value at `offset`. @throws ValueRangeError for `int64: 'number'` and no safe integer */
  read(view: DataView, offset: number): T;
  /**
   * Checks all of `value`, then stores it; what is refused has changed nothing. With `partial` members that are
   * undefined stay as they are; without, they are an error (but of a union one is enough), and padding becomes zero,
   * as the kernel compares the keys of hash maps with their padding.
   * @throws ValueRangeError, ArgumentError: both name the place, e.g. `.inner.flags`
   */
  write(view: DataView, offset: number, value: unknown, partial?: boolean): void;
}

/** The steps of a codec, which those of larger types are made of. */
export interface Steps {
  readonly read: (view: DataView, offset: number) => unknown;
  /** Checks a value and gives what `store` needs of it, independent of what the value does afterwards. Throws a Misfit. */
  readonly stage: (value: unknown, partial: boolean) => unknown;
  readonly store: (view: DataView, offset: number, staged: unknown) => void;
}

/** Text that makes Steps of a type, and what it needs in scope. */
export interface Body {
  readonly text: string;
  readonly scope: Readonly<Record<string, unknown>>;
  /** Whether some bits of the value belong to no member. */
  readonly gaps: boolean;
}

export interface CompiledCodec<T = unknown> extends Codec<T>, Steps {
  readonly read: (view: DataView, offset: number) => T;
  /** Stores all of a staged value: padding becomes zero. */
  readonly put: Steps['store'];
  /** As `read`, but throws a Misfit, which collects its path on the way up. */
  readonly readInner: Steps['read'];
  readonly gaps: boolean;
}
