/** What a command is: described as data for help, completion and documentation, loaded only when it runs. */

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** One word for the value: FILE, NAME, or the choices. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly multiple?: boolean;
  readonly short?: string;
  /** The value may look like an option: compiler flags. */
  readonly dashes?: boolean;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Where a command reads and writes. A test gives it memory. */
export interface Io {
  /** Resolves when the text is handed over. */
  out(text: string | Uint8Array): Promise<void>;
  readonly err: (text: string | Uint8Array) => void;
  /** Relative paths start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether diagnostics are read by a person at a terminal. */
  readonly color?: boolean;
  /** Ends what would go on for ever: `build --watch`. */
  readonly signal?: AbortSignal;
}

export interface Invocation {
  readonly positionals: readonly string[];
  /** The value of a string option, the last one where it was given twice. */
  value(option: string): string | undefined;
  values(option: string): readonly string[];
  flag(option: string): boolean;
  readonly io: Io;
}

/** The exit status: 0 only if everything asked for was done. `commands`: the whole catalogue, for `completion`. */
export type Run = (invocation: Invocation, commands: readonly CommandSpec[]) => Promise<number>;

export interface CommandSpec {
  /** The words that call it: ['gen', 'subskeleton']. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Paragraphs of the help text. */
  readonly about: readonly string[];
  /** The positional arguments, as usage shows them. */
  readonly usage: readonly string[];
  readonly options: OptionSpecs;
  readonly examples: readonly string[];
  /** What completes its positionals. */
  readonly completes: 'object' | 'source' | 'shell' | 'none';
  readonly load: () => Run;
}

/** The command line does not say what can be done: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that was asked for could not be done: exit status 1, one line a problem. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
