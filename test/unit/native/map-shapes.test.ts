/** What is said of maps that the kernel does not make: never of a size that it takes. */
import { wrongShape, type MapShape } from '../../../lib/native/failure/map-shapes';

const shape = (type: string, more: Partial<MapShape>): MapShape => ({
  type,
  keySize: 4,
  valueSize: 8,
  maxEntries: 1,
  flags: 0,
  ...more,
});

test.each(['cgroup_storage', 'percpu_cgroup_storage'])(
  '%s: keys are 8 or 16 bytes, and there is no max_entries',
  (type) => {
    for (const keySize of [8, 16]) {
      expect(wrongShape('m', shape(type, { keySize, maxEntries: 0 }))).toBeUndefined();
      expect(wrongShape('m', shape(type, { keySize }))).toBe(
        `map 'm' has max_entries 1: a ${type} map must have 0`,
      );
    }
  },
);

test.each(['devmap_hash', 'insn_array', 'sk_storage'])('%s: keys are 4 bytes', (type) => {
  const maxEntries = type === 'sk_storage' ? 0 : 1;
  expect(wrongShape('m', shape(type, { maxEntries }))).toBeUndefined();
  expect(wrongShape('m', shape(type, { maxEntries, keySize: 8 }))).toBe(
    `map 'm' has keys of 8 bytes: ${type} needs __u32 (4 bytes)`,
  );
});

test.each(['ringbuf', 'user_ringbuf'])('%s: neither keys nor values', (type) => {
  expect(wrongShape('m', shape(type, { keySize: 0, valueSize: 0 }))).toBeUndefined();
  expect(wrongShape('m', shape(type, {}))).toMatch(/has values of 8 bytes.*; it has keys of 4 bytes/);
});
