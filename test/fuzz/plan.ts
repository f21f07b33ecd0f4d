/** What a round is to do: from the parent to its child process, and on to threads. */
export interface Plan {
  readonly seed: number;
  readonly steps: number;
  /** The steps that are taken; undefined: all. */
  readonly keep: readonly number[] | undefined;
  /** How it ends: all is closed and looked after, or the process just ends. */
  readonly end: 'close' | 'exit' | 'exit in a callback';
  readonly package: string;
  readonly bundle: string;
  readonly files: Readonly<Record<string, string>>;
  readonly folder: string;
}
