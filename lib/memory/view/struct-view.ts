import { ArgumentError } from '../../errors';
import { flatMembers } from '../../btf/layout/members';
import type { StructType } from '../../btf/layout/layout-model';
import { alternatives } from '../../util/suggest';
import { setFallback } from '../region/fallback';
import { inspectLive, jsonOf } from './inspect';
import type { Live, LiveOptions } from './composite';
import type { Region } from '../region/region';

/** What a view class knows of itself. Kept apart from the class: users can reach the class. */
interface ViewClass {
  readonly type: StructType;
  readonly options: LiveOptions;
  readonly live: Live;
  readonly locate: (view: object) => { region: Region; offset: number } | undefined;
}

const classes = new WeakMap<object, ViewClass>();

export function registerView(prototype: object, viewClass: ViewClass): void {
  classes.set(prototype, viewClass);
}

const readers = new WeakMap<object, (view: object) => unknown>();

/** For views of other memory than a region's: how `readView` makes a plain copy. */
export function registerReader(prototype: object, read: (view: object) => unknown): void {
  readers.set(prototype, read);
}

/** Where a view lies, and its type. */
export function locate(view: object): {
  type: StructType;
  options: LiveOptions;
  live: Live;
  region: Region;
  offset: number;
} {
  const viewClass = classes.get(Object.getPrototypeOf(view) as object);
  const place = viewClass?.locate(view);
  if (viewClass === undefined || place === undefined)
    throw new ArgumentError('expected the view of a struct');
  const { type, options, live } = viewClass;
  return { type, options, live, ...place };
}

/**
 * The base of all struct views. A member named like one of these methods hides it: `readView`, `writeView` and
 * `viewToJSON` do the same for every view.
 */
export class StructView {
  /** A plain copy of the struct. */
  read(): unknown {
    return readView(this);
  }

  /** Stores the members that are given; all are checked first. */
  write(value: unknown): void {
    writeView(this, value);
  }

  toJSON(): unknown {
    return jsonOf(readView(this));
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: unknown): string {
    return inspectLive(locate(this).type.spelling, () => readView(this), depth, options, inspect);
  }
}

setFallback(StructView.prototype, {
  set(view, key) {
    const { type } = locate(view);
    const known = flatMembers(type).map((member) => member.name);
    throw new ArgumentError(
      `${type.spelling || type.kind} has no member '${String(key)}'${alternatives(String(key), known)}`,
    );
  },
});

/** A plain copy of the struct behind a view. */
export function readView(view: object): unknown {
  const read = readers.get(Object.getPrototypeOf(view) as object);
  if (read !== undefined) return read(view);
  const { region, offset, type, options, live } = locate(view);
  return live.read(region, offset, type, options);
}

/** Stores the members that are given into the struct behind a view; all are checked first. */
export function writeView(view: object, value: unknown): void {
  const { region, offset, type, options, live } = locate(view);
  live.write(region, offset, type, options, value, type.spelling || type.kind);
}
