/** A section in another thread of the process: the same pages, found through a token that can be posted. */
import { RawBtf } from '../../btf/records/record-table';
import { checkBytes, checkInteger, checkString, refuse } from '../../util/check';
import { ClosedError } from '../../errors';
import { Region } from '../../memory/region/region';
import type { Variable } from '../../memory/types';
import { createVariable } from '../../memory/variable/variable';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import type { NativeAddon } from '../../native/surface/addon';
import { loadAddon } from '../../native/load/load';
import { mapInto, type Release } from '../map/mapping';
import { ObjectSymbols } from './variables';

/** What `section.share()` gives: plain data for postMessage() or workerData, good within this process until the object is closed. */
export interface SharedSectionToken {
  readonly kind: 'section';
  /** '.bss' */
  readonly section: string;
  readonly object: string;
  /** Bytes. */
  readonly size: number;
  readonly btf: Uint8Array;
  readonly token: string;
}

/**
 * A data section that another thread has shared, with its variables: `.value`, `.read()`, `.write()` and `.atomic` work on the
 * very pages that BPF programs and the other threads use. It lives on when the sharing object is closed, until close().
 */
export class SharedSection {
  readonly name: string;
  readonly #region: Region;
  readonly #symbols: ObjectSymbols;
  #release: Release | undefined;
  #variables: Map<string, Variable> | undefined;

  private constructor(addon: NativeAddon, shared: SharedSectionToken, fd: number) {
    this.name = shared.section;
    this.#symbols = new ObjectSymbols(RawBtf.parse(shared.btf, `BTF of object '${shared.object}'`));
    this.#region = new Region(shared.section);
    this.#release = mapInto(this.#region, addon, fd, shared.size);
  }

  /**
   * Opens what `section.share()` gave in another thread, or in this one.
   * @throws ClosedError where the object was closed meanwhile, or the token is of another process
   */
  static open(shared: SharedSectionToken): SharedSection {
    const found = checkedToken(shared);
    const addon = loadAddon();
    const share = addon.findShared(found.token);
    if (share === null) {
      throw new ClosedError(
        `open shared section '${found.section}': object '${found.object}' was closed, or is another process's`,
      );
    }
    try {
      return new SharedSection(addon, found, share.fd);
    } finally {
      // The mapping keeps the map.
      share.close();
    }
  }

  /** Bytes. */
  get size(): number {
    return this.#region.size;
  }

  /** Whether writes are refused. */
  get readonly(): boolean {
    return this.#region.readonly;
  }

  get closed(): boolean {
    return this.#release === undefined;
  }

  /** The variables by name. Where a global and a static share one, the global is meant. */
  get variables(): ReadonlyMap<string, Variable> {
    if (this.closed) throw new ClosedError(`shared section '${this.name}' is closed`);
    this.#variables ??= new Map(
      this.#symbols
        .ofSection(this.name)
        .map(({ name, offset, size, type, declaration }) => [
          name,
          createVariable(this.#region, { name, section: this.name, offset, size, type, declaration }),
        ]),
    );
    return this.#variables;
  }

  [Symbol.iterator](): IterableIterator<Variable> {
    return this.variables.values();
  }

  /** Lets the memory go: variables throw ClosedError, raw arrays are detached. Safe to call more than once. */
  close(): void {
    if (this.#release === undefined) return;
    ensureStack(SHALLOW);
    this.#release();
    this.#region.close();
    this.#release = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Read once: getters may answer differently each time. Its types are checked as they are resolved, from a copy of their bytes. */
function checkedToken(given: unknown): SharedSectionToken {
  if (typeof given !== 'object' || given === null) refuse('shared', 'what section.share() gave', given);
  const { kind, section, object, size, btf, token } = given as SharedSectionToken;
  if ((kind as unknown) !== 'section') refuse('shared', 'what section.share() gave', given);
  checkString(section, 'shared.section');
  checkString(object, 'shared.object');
  checkString(token, 'shared.token');
  checkInteger(size, 'shared.size', 1);
  checkBytes(btf, 'shared.btf');
  return { kind, section, object, size, btf: new Uint8Array(btf), token };
}
