/** Tells native handles, and memory that nobody may write to, from everything else: the addon is asked for one of each. */
import type { NativeAddon } from '../../../../lib/native/surface/addon';

// As they are before anything is replaced.
const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { has, add } = Set.prototype;
const { isView } = ArrayBuffer;
const bufferOf = [getPrototypeOf(Uint8Array.prototype) as object, DataView.prototype].map(
  (prototype) => getOwnPropertyDescriptor(prototype, 'buffer')!.get!,
);

export const contains = (set: ReadonlySet<unknown>, value: unknown): boolean => apply(has, set, [value]);
export const put = (set: Set<unknown>, value: unknown): void => {
  apply(add, set, [value]);
};

export class Natives {
  readonly #prototypes = new Set<unknown>();
  readonly #values = new Set<unknown>();
  /** The kernel's pages, and the functions that work on a map's memory. */
  readonly #hidden = new Set<unknown>();

  /** `events`: an object file with ring buffers, perf buffers, programs. */
  constructor(addon: NativeAddon, events: string) {
    this.#values.add(addon);
    for (const key of ownKeys(addon)) {
      const value = Reflect.get(addon, key) as unknown;
      if (typeof value === 'function') this.#values.add(value);
    }
    const object = addon.openFile(events, {});
    object.load();
    const map = (name: string): number => object.findMap(name)!.fd;
    const ring = addon.ringBuffer();
    const elements = object.findMap('scratch')!.elements();
    const program = object.programs().find(({ section }) => section.startsWith('raw_tp'))!;
    const made: object[] = [
      ...object.maps(),
      ...object.programs(),
      ...[elements, ring],
      addon.perfBuffer(map('perf'), 'perf', 1, 1, 0),
      addon.userRingBuffer(map('commands'), 'commands'),
      addon.share(map('ring')),
      addon.openPidfd(process.pid, false),
      program.attachWith('rawTracepoint', { name: 'sys_enter' }),
      object,
    ];
    for (const each of made) this.#prototypes.add(getPrototypeOf(each));
    this.#hide(getPrototypeOf(ring) as object, 'memory');
    this.#hide(getPrototypeOf(elements) as object, 'runner');
    object.close();
  }

  /** Whatever this method gives from now on is not for users. */
  #hide(prototype: object, method: string): void {
    const before = Reflect.get(prototype, method) as () => unknown;
    const hidden = this.#hidden;
    Object.defineProperty(prototype, method, {
      value(this: unknown, ...given: unknown[]) {
        const result = apply(before, this, given) as unknown;
        put(hidden, result);
        return result;
      },
    });
  }

  /** What it is that should not be seen; undefined where it may. */
  is(value: unknown): string | undefined {
    if (typeof value === 'function') {
      return contains(this.#values, value) || contains(this.#hidden, value) ? 'a native function' : undefined;
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (contains(this.#values, value)) return 'the addon';
    if (contains(this.#hidden, value)) return "the kernel's pages";
    if (isView(value))
      return contains(this.#hidden, bufferBehind(value)) ? "a view of the kernel's pages" : undefined;
    return contains(this.#prototypes, getPrototypeOf(value)) ? 'a native handle' : undefined;
  }
}

function bufferBehind(view: ArrayBufferView): unknown {
  for (let i = 0; i < bufferOf.length; i++) {
    try {
      return apply(bufferOf[i]!, view, []) as unknown;
    } catch {
      // The other kind of view.
    }
  }
  return undefined;
}
