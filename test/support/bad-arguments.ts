/** Values that no parameter of the addon may take. */

export const detached = (): Uint8Array => {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};

/** One list of values for each kind of parameter: none of them is acceptable. */
export const BAD = {
  text: [undefined, null, 1, {}, Symbol('s'), ['a'], 'a\0b', new String('a')],
  optionalText: [null, 1, {}, 'a\0b'],
  textOrNull: [undefined, 1, {}, Symbol('s'), 'a\0b'],
  boolean: [undefined, null, 0, 'true', {}],
  uint32: [undefined, null, '1', -1, 1.5, NaN, Infinity, 2 ** 32, 1n, {}, { valueOf: () => 1 }],
  uint53: [undefined, null, '1', -1, 1.5, NaN, Infinity, 2 ** 53, 1n, {}],
  fd: [undefined, null, '1', -1, 0.5, 2 ** 31, NaN, 3n],
  bytes: [undefined, null, 'abc', [1], new ArrayBuffer(4), new Uint16Array(2), new Uint8ClampedArray(4), {}],
  buffer: [undefined, null, [], {}, new Uint8Array(4)],
  int32: [undefined, null, '1', 0.5, 2 ** 31, -(2 ** 31) - 1, NaN, 1n],
  uint64: [null, 1, '1', -1n, 2n ** 64n, {}],
  uint64s: [null, [1n], new BigInt64Array(1), new Uint8Array(8), 5n],
  object: [undefined, null, 1, 'x', Symbol('s')],
  function: [undefined, null, {}, 'f'],
} as const;

export type Kind = keyof typeof BAD;
