/** The codecs of map keys and values: by their BTF types, and where the map type, not BTF, says what they are. */
import { compiledCodec } from '../../../btf/codec/codec';
import { Misfit, within } from '../../../btf/codec/misfit';
import { fitType } from '../../../btf/layout/fit-type';
import type { Type } from '../../../btf/layout/layout-model';
import { isByteArray, lengthOf } from '../../../util/bytes';
import { mapTraits } from '../../../uapi/map-types';
import { shown } from '../../../util/shown';
import { specialFields } from './special-fields';

/** What the codec of a type has, and the others here too. Sizes are those of the map: nothing lies beyond its memory. */
export interface ElementCodec<T = unknown> {
  /** Bytes. */
  readonly size: number;
  /** Checks a value and gives what `put` needs of it: only this may run code of the user's. @throws Misfit */
  readonly stage: (value: unknown, partial: boolean) => unknown;
  readonly put: (view: DataView, offset: number, staged: unknown) => void;
  readonly read: (view: DataView, offset: number) => T;
}

export interface ElementCodecs<K = unknown, V = unknown> {
  readonly key: ElementCodec<K>;
  readonly value: ElementCodec<V>;
}

const U32: Type = { kind: 'int', spelling: 'unsigned int', size: 4, signed: false };

/** What decides about a map's codecs. */
export interface ElementShape {
  /** The map type's name. */
  readonly type: string;
  /** Bytes; of per-CPU maps `valueSize` is one CPU's. */
  readonly keySize: number;
  readonly valueSize: number;
  readonly types: { readonly key: Type | undefined; readonly value: Type | undefined };
  readonly int64: 'bigint' | 'number';
  readonly cpus: () => number;
}

export function elementCodecs({ type, keySize, valueSize, types, int64, cpus }: ElementShape): ElementCodecs {
  const traits = mapTraits(type);
  // A BTF type of another size than the map's describes something else: bytes are the truth then.
  const typed = (known: Type | undefined, size: number, number: boolean): ElementCodec => {
    if (known !== undefined && known.size === size) return withKernelsOwn(fitType(known, size), int64);
    return number && size === 4 ? compiledCodec(U32) : bytesCodec(size);
  };
  const key = traits.keyless === true ? noKey(type) : typed(types.key, keySize, traits.indexed === true);
  if (traits.holds !== undefined && valueSize === 4) return { key, value: referenceCodec(traits.holds) };
  const value = typed(types.value, valueSize, traits.numbers === true);
  return { key, value: traits.perCpu === true ? perCpuCodec(value, cpus()) : value };
}

/** What the kernel keeps for itself in a value (a spin lock, a timer) may be left out: it ignores what is written there. */
function withKernelsOwn(type: Type, int64: 'bigint' | 'number'): ElementCodec {
  const codec = compiledCodec(type, { int64 });
  if (type.kind !== 'struct') return codec;
  const own = type.members.filter((member) => specialFields(member.type).length > 0);
  if (own.length === 0) return codec;
  const nothing = Object.fromEntries(
    own.map(({ name, type: member }) => {
      return [name, compiledCodec(member).read(new DataView(new ArrayBuffer(member.size)), 0)];
    }),
  );
  return {
    ...codec,
    stage: (value, partial) =>
      codec.stage(typeof value === 'object' && value !== null ? { ...nothing, ...value } : value, partial),
  };
}

/** Exactly `size` bytes. */
function bytesCodec(size: number): ElementCodec {
  const check = (value: Uint8Array): void => {
    const length = lengthOf(value);
    if (length !== size) {
      throw new Misfit('range', `needs exactly ${String(size)} bytes, not ${String(length)}`);
    }
  };
  return {
    size,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, size).slice(),
    stage(value) {
      if (!isByteArray(value)) {
        throw new Misfit('type', `expected a Uint8Array of ${String(size)} bytes, got ${shown(value)}`);
      }
      check(value);
      return value;
    },
    put(view, offset, staged) {
      // What was staged after it may have detached it.
      check(staged as Uint8Array);
      new Uint8Array(view.buffer, view.byteOffset + offset, size).set(staged as Uint8Array);
    },
  };
}

/** The kernel lays one value per possible CPU out, each rounded up to 8 bytes. */
function perCpuCodec(value: ElementCodec, cpus: number): ElementCodec {
  const stride = (value.size + 7) & ~7;
  return {
    size: stride * cpus,
    read: (view, offset) => Array.from({ length: cpus }, (_, cpu) => value.read(view, offset + cpu * stride)),
    stage(values, partial) {
      if (!Array.isArray(values)) {
        throw new Misfit(
          'type',
          `expected an array, one value per possible CPU, got ${shown(values)}; setOnAllCpus() stores one for all`,
        );
      }
      if (values.length !== cpus) {
        const count = `${String(cpus)} values, one a possible CPU, not ${String(values.length)}`;
        throw new Misfit('range', `needs ${count}`);
      }
      return Array.from({ length: cpus }, (_, cpu) => {
        try {
          return value.stage(values[cpu], partial);
        } catch (error) {
          throw within(error, `[${String(cpu)}]`);
        }
      });
    },
    put(view, offset, staged) {
      for (let cpu = 0; cpu < cpus; cpu++) {
        value.put(view, offset + cpu * stride, (staged as unknown[])[cpu]);
      }
    },
  };
}

/** Written as a file descriptor, read as an id: taken from objects only, as a number could be either. */
function referenceCodec(holds: 'maps' | 'programs'): ElementCodec {
  const what = holds === 'maps' ? 'BpfMap' : 'BpfProgram';
  return {
    size: 4,
    read: (view, offset) => view.getUint32(offset, true),
    stage(value) {
      if (typeof value !== 'object' || value === null) {
        throw new Misfit('type', `expected a ${what}, got ${shown(value)} (what is read is its id)`);
      }
      const { fd } = value as { fd?: unknown };
      if (typeof fd !== 'number' || !Number.isInteger(fd)) {
        throw new Misfit('type', `expected a ${what}, got an object without a file descriptor`);
      }
      if (fd < 0)
        throw new Misfit('range', `this ${what} has no file descriptor: it is not loaded, or closed`);
      return fd;
    },
    put(view, offset, staged) {
      view.setUint32(offset, staged as number, true);
    },
  };
}

function noKey(type: string): ElementCodec {
  const refuse = (): never => {
    throw new Misfit(
      'type',
      `a ${type} has no keys: ${type === 'bloom_filter' ? 'push() and mayContain()' : 'push(), pop() and peek()'} are its operations`,
    );
  };
  return { size: 0, stage: refuse, put: refuse, read: () => undefined };
}
