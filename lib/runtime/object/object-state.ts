import { wrapBtf, type Btf } from '../../btf/api/btf';
import { RawBtf } from '../../btf/records/record-table';
import { ClosedError, UnsupportedError } from '../../errors';
import type { Closable } from '../../util/closable';
import type { LogLevel, NativeAddon } from '../../native/surface/addon';
import type { NativeObject } from '../../native/surface/object';
import { Internals } from '../../util/internals';
import type { BpfLink } from '../link/bpf-link';
import { ObjectSymbols } from '../section/variables';
import type { BpfObject } from './bpf-object';

/** 'opened' until prepare() or load() creates the maps in the kernel. */
export type Phase = 'opened' | 'prepared' | 'loaded' | 'closed';

/** What stands behind a BpfObject: its native handle, and what is read of it once for all that is made through it. */
export class ObjectState {
  readonly addon: NativeAddon;
  readonly native: NativeObject;
  readonly logLevel: LogLevel;
  readonly name: string;
  /** The links that are made through it and still open. */
  readonly links = new Set<BpfLink>();
  /** Those who read the records of its maps. */
  readonly readers = new Set<Closable>();
  phase: Phase = 'opened';
  #rawBtf: RawBtf | null | undefined;
  #btf: Btf | undefined;
  #symbols: ObjectSymbols | undefined;

  constructor(addon: NativeAddon, native: NativeObject, logLevel: LogLevel) {
    this.addon = addon;
    this.native = native;
    this.logLevel = logLevel;
    this.name = native.name;
  }

  /** @throws ClosedError after its end */
  open(operation: string): void {
    if (this.phase === 'closed') throw new ClosedError(`${operation}: object '${this.name}' is closed`);
  }

  /** @throws UnsupportedError where there is none */
  get rawBtf(): RawBtf {
    const raw = this.anyBtf;
    if (raw === undefined) {
      throw new UnsupportedError(`object '${this.name}' has no BTF: compile it with clang -g`);
    }
    return raw;
  }

  /** undefined where the object was compiled without. */
  get anyBtf(): RawBtf | undefined {
    this.open('read the BTF');
    if (this.#rawBtf === undefined) {
      const bytes = this.native.btf();
      this.#rawBtf = bytes && RawBtf.parse(bytes, `BTF of object '${this.name}'`);
    }
    return this.#rawBtf ?? undefined;
  }

  get btf(): Btf {
    const raw = this.rawBtf;
    return (this.#btf ??= wrapBtf(raw));
  }

  /** Which variables the BTF knows; afresh after a resize. */
  get symbols(): ObjectSymbols {
    this.#symbols ??= new ObjectSymbols(this.rawBtf);
    return this.#symbols;
  }

  /** The object's BTF as bytes, a copy. */
  btfBytes(): Uint8Array {
    return this.native.btf() ?? new Uint8Array(0);
  }

  /** After a resize libbpf has changed the BTF. */
  forgetSymbols(): void {
    this.#rawBtf = undefined;
    this.#btf = undefined;
    this.#symbols = undefined;
  }

  /** Where libbpf sees each variable. bpf_object__open_subskeleton */
  resolve(request: Parameters<NativeObject['openSubskeleton']>[0]): Float64Array {
    this.open('open a subskeleton');
    return this.native.openSubskeleton(request).offsets;
  }
}

const states = new Internals<BpfObject, ObjectState>();

export function keepState(object: BpfObject, state: ObjectState): void {
  states.keep(object, state);
}

export function stateOf(object: BpfObject): ObjectState {
  const state = states.of(object);
  if (state === undefined) throw new TypeError('not a BpfObject');
  return state;
}
