/** The codecs of map keys and values that BTF does not describe: plain bytes, and one value a possible CPU. */
import type { Codec } from '../btf/codec';
import { checkBytes, refuse } from '../check';
import { ValueRangeError } from '../errors';

/** Exactly `size` bytes. */
export function bytesCodec(size: number): Codec<Uint8Array> {
  return {
    size,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, size).slice(),
    write(view, offset, value) {
      checkBytes(value, 'value');
      if (value.length !== size) {
        throw new ValueRangeError(`needs exactly ${String(size)} bytes, not ${String(value.length)}`);
      }
      new Uint8Array(view.buffer, view.byteOffset + offset, size).set(value);
    },
  };
}

/** The kernel lays one value a possible CPU out, each rounded up to 8 bytes. */
export function perCpuCodec<T>(value: Codec<T>, cpus: number, map: string): Codec<T[]> {
  const stride = (value.size + 7) & ~7;
  return {
    size: stride * cpus,
    read: (view, offset) => Array.from({ length: cpus }, (_, cpu) => value.read(view, offset + cpu * stride)),
    write(view, offset, values) {
      if (!Array.isArray(values))
        refuse(`value of per-CPU map '${map}'`, 'an array, one value a possible CPU', values);
      if (values.length !== cpus) {
        throw new ValueRangeError(
          `per-CPU map '${map}' needs ${String(cpus)} values, one a possible CPU, not ${String(values.length)}`,
        );
      }
      values.forEach((item: unknown, cpu) => value.write(view, offset + cpu * stride, item));
    },
  };
}
