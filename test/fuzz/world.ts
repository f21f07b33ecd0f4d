/** All that a round has made and still has. */
import { createServer, type Server } from 'node:net';
import type * as Subskel from '../../lib';
import type { NativeAddon } from '../../lib/native/surface/addon';
import { Judge } from './judge';
import { kindOf, WEIGHTS } from './kinds';
import type { Random } from './random';

export interface Surroundings {
  readonly subskel: typeof Subskel;
  readonly addon: NativeAddon;
  /** All ways to attach, by the method's name: the rules of their options make options. */
  readonly attachKinds: Readonly<Record<string, { readonly options: Readonly<Record<string, unknown>> }>>;
  /** Compiled objects by name. */
  readonly files: Readonly<Record<string, string>>;
  /** A folder of the round's own, and a BPF file system in it. */
  readonly folder: string;
}

/** More of a kind than this: one is dropped, open as it is, for the garbage collector. */
const MOST = 10;
/** Callbacks call callbacks. */
const DEEPEST = 3;

export class World {
  readonly subskel: typeof Subskel;
  readonly addon: NativeAddon;
  readonly attachKinds: Surroundings['attachKinds'];
  readonly files: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly judge: Judge;
  /** What was wrong so far. */
  readonly findings: string[] = [];
  /** What a callback in the middle of a call does. */
  meddler: (world: World, random: Random) => void = () => undefined;
  /** Calls that were made, and how many of them threw. */
  calls = 0;
  thrown = 0;
  #pools = new Map<string, object[]>();
  readonly #pending = new Set<Promise<void>>();
  #random: Random;
  #server: Server | undefined;
  #depth = 0;

  constructor(surroundings: Surroundings, random: Random) {
    ({ subskel: this.subskel, addon: this.addon, files: this.files, folder: this.folder } = surroundings);
    this.attachKinds = surroundings.attachKinds;
    this.judge = new Judge(this.subskel);
    this.#random = random;
  }

  /** The descriptor of a socket of the round's own. */
  get socket(): number {
    this.#server ??= createServer().listen(0).unref();
    return (
      (this.#server as unknown as { readonly _handle: { readonly fd: number } | null })._handle?.fd ?? -1
    );
  }

  /** The step that begins decides by these numbers from now on. */
  begin(random: Random): void {
    this.#random = random;
  }

  keep(value: unknown): void {
    if (value instanceof Promise) {
      this.background(value);
      return;
    }
    if (Array.isArray(value)) for (const each of value.slice(0, 3)) this.keep(each);
    const kind = kindOf(value, this.subskel);
    if (kind === undefined) return;
    const pool = this.#pools.get(kind) ?? [];
    if (pool.includes(value as object)) return;
    pool.push(value as object);
    if (pool.length > MOST) pool.splice(this.#random.below(pool.length), 1);
    this.#pools.set(kind, pool);
  }

  /** What it gives is kept; what it rejects with is judged. It must have ended when everything is closed. */
  background(promise: Promise<unknown>): void {
    const done = promise.then(
      (value) => {
        this.keep((value as { readonly value?: unknown } | undefined)?.value);
      },
      (error: unknown) => {
        this.object('a promise', this.judge.lenient(error), error);
      },
    );
    this.#pending.add(done);
    void done.finally(() => this.#pending.delete(done));
  }

  get pending(): ReadonlySet<Promise<void>> {
    return this.#pending;
  }

  some(kind: string, random: Random): object | undefined {
    return random.perhaps(this.#pools.get(kind) ?? []);
  }

  /** A thing, of a kind that is there. */
  anything(random: Random): object | undefined {
    const present = [...this.#pools.keys()].filter((kind) => (this.#pools.get(kind)?.length ?? 0) > 0);
    if (present.length === 0) return undefined;
    const kind = random.weighted(Object.fromEntries(present.map((each) => [each, WEIGHTS[each] ?? 1])));
    return this.some(kind, random);
  }

  /** Of one of the compiled objects. */
  descriptor(name: string): Subskel.Descriptor {
    return this.subskel.describe(this.files[name] ?? '');
  }

  all(): object[] {
    return [...this.#pools.values()].flat();
  }

  forget(): void {
    this.#pools = new Map();
  }

  /** Called by callbacks, getters and iterators that the fuzzer has passed in. */
  meddle(): void {
    if (this.#depth >= DEEPEST) return;
    this.#depth++;
    try {
      this.meddler(this, this.#random);
    } finally {
      this.#depth--;
    }
  }

  object(place: string, objection: string | undefined, error?: unknown): void {
    if (objection === undefined) return;
    const stack = error instanceof Error ? `\n${error.stack ?? error.message}` : '';
    this.findings.push(`${place}: ${objection}${stack}`);
  }
}
