/** Compiles the view and the batch class of the records of one struct. compile.ts says why they are compiled. */
import { compile, integer, joined, outOfLine, quote } from '../../btf/codec/text/compile-text';
import { objectText } from '../../btf/codec/text/members';
import { isFlexible } from '../../btf/layout/flexible';
import { flatMembers, type FlatMember } from '../../btf/layout/members';
import type { StructType } from '../../btf/layout/layout-model';
import * as helpers from '../../btf/codec/codec-helpers';
import { ReadOnlyError, RecordError } from '../../errors';
import type { LiveOptions } from '../../memory/view/composite';
import { append, found, foundWeak, keep, keepParent, keepWeak } from '../../util/primordials';
import { RecordBatch, type MakeBatch, type RecordForm } from './record-batch';
import { memberText, shortRecord, type MemberText, type PlaceText } from './record-member';
import { ended, over, overBatch, type RecordMemory } from './record-memory';
import { RecordView, registerRecordView } from './record-view';

/** The records of one struct. */
export interface RecordClass {
  readonly spelling: string;
  /** No record may be shorter. */
  readonly size: number;
  /** A view of the record at `offset`, `length` bytes long. */
  readonly view: (memory: RecordMemory, offset: number, length: number) => object;
  /** A plain copy. */
  readonly plain: (memory: RecordMemory, offset: number, length: number) => unknown;
  readonly plains: RecordForm['plains'];
  readonly makeBatch: MakeBatch;
}

interface Compiled extends Pick<RecordClass, 'view' | 'plain' | 'plains' | 'makeBatch'> {
  readonly View: { readonly prototype: object };
  readonly locate: (view: object) => { m: RecordMemory; o: number; l: number } | undefined;
}

const known = new WeakMap<StructType, Map<string, RecordClass>>();

export interface RecordFormOptions extends LiveOptions {
  /** Records may end early: what is missing is zero. */
  readonly short?: 'zero' | undefined;
}

/** `open`: it reaches to the end of the record, and its flexible arrays with it. */
export function recordClass(
  type: StructType,
  options: RecordFormOptions,
  aligned = true,
  open = isFlexible(type),
): RecordClass {
  let variants = foundWeak(known, type);
  if (variants === undefined) keepWeak(known, type, (variants = new Map<string, RecordClass>()));
  const key = `${options.int64} ${options.short ?? ''} ${String(aligned)} ${String(open)}`;
  let made = found(variants, key);
  if (made === undefined) keep(variants, key, (made = make(type, options, aligned, open)));
  return made;
}

export const tooShort = (spelling: string, size: number, length: number): RecordError =>
  new RecordError(
    `a record of ${String(length)} bytes is too short for ${spelling}, which has ${String(size)}: is that its type? ` +
      "Where programs submit only what is used of it, { short: 'zero' } reads what is missing as 0",
  );

function make(type: StructType, options: RecordFormOptions, aligned: boolean, open: boolean): RecordClass {
  const spelling = type.spelling || type.kind;
  // Without a prototype: a setter there would leave a name out, and the text would take a global for it.
  const scope = {
    __proto__: null,
    h: helpers,
    over: outOfLine(over),
    overBatch: outOfLine(overBatch),
    ended,
    short: outOfLine((length: number) => tooShort(spelling, type.size, length)),
    readOnly: outOfLine(refuseWrite),
    RecordBatch,
    keepParent,
  } as unknown as Record<string, unknown>;
  const place: PlaceText = (inner, innerAligned, innerOpen, at) => {
    const nested = recordClass(inner, options, innerAligned, innerOpen);
    scope[`view${at}`] = nested.view;
    scope[`plain${at}`] = nested.plain;
    return { view: `view${integer(at)}`, plain: `plain${integer(at)}` };
  };
  const endsEarly = options.short === 'zero';
  if (endsEarly) scope['tail'] = shortRecord(type, options);
  const flat = flatMembers(type);
  const members: (MemberText & { readonly name: string; readonly key: string })[] = [];
  for (let i = 0; i < flat.length; i++) {
    const member = flat[i] as FlatMember;
    // In a class "constructor" would be something else.
    const key = `[${quote(member.name)}]`;
    append(members, {
      name: member.name,
      key,
      ...memberText({ struct: type, member, i, aligned, open, options, scope, place }),
    });
  }
  const size = integer(type.size);
  // Where record i is. One `new View` for both ways: V8 would make two, which it could not leave out.
  const extent = `
    let o, l;
    if (m.stride !== 0) { o = m.first + Math.imul(i, m.stride) | 0; l = m.length; }
    else {
      o = m.index[2 * i]; l = m.index[2 * i + 1];
      ${endsEarly ? '' : `if (l < ${size}) throw short(l);`}
    }`;
  const copy = `${joined(members, ({ load }) => load, '\n')}
    const copy = ${objectText(members, ({ plain }) => plain)};`;
  const text = `
    class View {
      #m; #o; #l;
      constructor(m, o, l) { this.#m = m; this.#o = o; this.#l = l; }
      ${joined(
        members,
        ({ key, early, load, value }) =>
          `get ${key}() { const m = this.#m, o = this.#o, l = this.#l; ${early}${load} return ${value}; }
           set ${key}(v) { readOnly(${key}[0]); }`,
        '\n',
      )}
      static locate(view) { return #m in view ? { m: view.#m, o: view.#o, l: view.#l } : undefined; }
    }
    const locate = View.locate;
    delete View.locate;
    class Records {
      #m; #i;
      constructor(m) { this.#m = m; this.#i = 0; }
      next() {
        const m = this.#m, i = this.#i;
        if (i >= m.count) {
          ended(m);
          return { value: undefined, done: true };
        }
        this.#i = i + 1;
        ${extent}
        return { value: new View(m, o, l), done: false };
      }
      [Symbol.iterator]() { return this; }
    }
    class Batch extends RecordBatch {
      static { keepParent(this); }
      #m;
      constructor(m, form, origin) { super(m, form, origin); this.#m = m; }
      get length() { const m = this.#m; return m.count || ended(m); }
      at(i) {
        const m = this.#m;
        if (i >>> 0 !== i || i >= m.count) return super.at(i);
        ${extent}
        return new View(m, o, l);
      }
      forEach(f) {
        const m = this.#m;
        if (m.source === undefined) throw overBatch();
        for (let i = 0; i < m.count; i++) {
          ${extent}
          f(new View(m, o, l), i, this);
        }
      }
      [Symbol.iterator]() { return new Records(this.#m); }
    }
    return {
      View, locate,
      view: (m, o, l) => new View(m, o, l),
      plain: (m, o, l) => {
        if (l < ${size}) ${endsEarly ? 'return tail(m, o, l)' : 'throw short(l)'};
        ${copy}
        return copy;
      },
      plains: (m, i, end, to) => {
        for (; i < end; i++) {
          ${extent}
          if (l < ${size}) ${endsEarly ? '{ to.push(tail(m, o, l)); continue; }' : 'throw short(l);'}
          ${copy}
          to.push(copy);
        }
      },
      makeBatch: (m, form, origin) =>
        ${endsEarly ? 'false' : `m.stride !== 0 && m.length < ${size}`} ? new RecordBatch(m, form, origin) : new Batch(m, form, origin),
    };`;
  const { View, locate, ...compiled } = compile(text, scope) as Compiled;
  Object.setPrototypeOf(View.prototype, RecordView.prototype);
  const read = (view: object): unknown => {
    const at = locate(view);
    if (at === undefined) throw over();
    if (at.m.source === undefined) throw over();
    return compiled.plain(at.m, at.o, at.l);
  };
  registerRecordView(View.prototype, { spelling, read });
  return { spelling, size: endsEarly ? 0 : type.size, ...compiled };
}

function refuseWrite(name: string): never {
  throw new ReadOnlyError(`records are read-only: '${name}' cannot be set`);
}
