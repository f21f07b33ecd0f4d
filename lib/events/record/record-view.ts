/** What the views of records have in common. */
import { ArgumentError, ReadOnlyError } from '../../errors';
import { setFallback } from '../../memory/region/fallback';
import { inspectLive, jsonOf } from '../../memory/view/inspect';
import { registerReader } from '../../memory/view/struct-view';

interface ViewClass {
  readonly spelling: string;
  readonly read: (view: object) => unknown;
}

const classes = new WeakMap<object, ViewClass>();

/** Called for the prototype of each compiled class. */
export function registerRecordView(prototype: object, viewClass: ViewClass): void {
  classes.set(prototype, viewClass);
  registerReader(prototype, viewClass.read);
}

function classOf(view: object): ViewClass {
  const viewClass = classes.get(Object.getPrototypeOf(view) as object);
  if (viewClass === undefined) throw new ArgumentError('expected the view of a record');
  return viewClass;
}

/**
 * A record in place: one property a member. Valid during the callback that it came to, and read-only. A member named
 * like one of the methods hides it: `readView` and `toJSON` work always.
 */
export class RecordView {
  /** A plain copy of the record, to keep. */
  read(): unknown {
    return classOf(this).read(this);
  }

  /** Plain data: bigints as decimal strings, char arrays as text. */
  toJSON(): unknown {
    return jsonOf(classOf(this).read(this));
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: unknown): string {
    const { spelling, read } = classOf(this);
    return inspectLive(spelling, () => read(this), depth, options, inspect);
  }
}

setFallback(RecordView.prototype, {
  set(_, key) {
    throw new ReadOnlyError(`records are read-only: '${String(key)}' cannot be set`);
  },
});
