/**
 * Two copies of this package in one process: each has its own classes, so that an object made by one is not taken by the other. A mark on
 * the classes' prototypes says which copy they are of.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { types } from 'node:util';

const COPY = Symbol.for('libbpf-subskel.copy');

/** The package's folder: lib/util and dist/util are equally deep in it. */
const HERE = path.join(__dirname, '..', '..');

/** To be called once for each class whose objects users pass to functions. */
export function markCopy(Class: { readonly prototype: object }): void {
  Object.defineProperty(Class.prototype, COPY, { value: HERE });
}

function describe(folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      version?: unknown;
    };
    return typeof version === 'string' ? `${folder} (${version})` : folder;
  } catch {
    return folder;
  }
}

/** The mark of a value's class; no getter or trap of users' is called. */
function markOf(value: unknown): string | undefined {
  let object = value;
  while (typeof object === 'object' && object !== null && !types.isProxy(object)) {
    const mark: unknown = Object.getOwnPropertyDescriptor(object, COPY)?.value;
    if (typeof mark === 'string') return mark;
    object = Object.getPrototypeOf(object) as unknown;
  }
  return undefined;
}

/** What to say of an object that another copy made; undefined for everything else. */
export function ofAnotherCopy(value: unknown, here: string = HERE): string | undefined {
  const theirs = markOf(value);
  if (theirs === undefined || theirs === here) return undefined;
  return (
    `is of another copy of libbpf-subskel: ${describe(theirs)}, and this is ${describe(here)}; ` +
    'install one for both (npm dedupe): libraries list it in peerDependencies, not in dependencies'
  );
}
