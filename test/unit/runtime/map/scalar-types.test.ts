import {
  scalarNames,
  scalarType,
  type ScalarName,
  type WideName,
} from '../../../../lib/runtime/map/scalar-types';

/** tsc wants each name of the type here, and no other. */
const WIDE: Record<WideName, true> = {
  u64: true,
  __u64: true,
  s64: true,
  __s64: true,
  uint64_t: true,
  int64_t: true,
  long: true,
  'unsigned long': true,
  'long long': true,
  'unsigned long long': true,
};
const NARROW: Record<Exclude<ScalarName, WideName>, true> = {
  u8: true,
  __u8: true,
  s8: true,
  __s8: true,
  uint8_t: true,
  int8_t: true,
  u16: true,
  __u16: true,
  s16: true,
  __s16: true,
  uint16_t: true,
  int16_t: true,
  u32: true,
  __u32: true,
  s32: true,
  __s32: true,
  uint32_t: true,
  int32_t: true,
  short: true,
  'unsigned short': true,
  int: true,
  'unsigned int': true,
  'signed char': true,
  'unsigned char': true,
};

test('the types of TypeScript name what the table has, and those of 64 bits apart', () => {
  expect(scalarNames().sort()).toEqual([...Object.keys(WIDE), ...Object.keys(NARROW)].sort());
  for (const name of Object.keys(WIDE)) expect(scalarType(name)?.size).toBe(8);
  for (const name of Object.keys(NARROW)) expect(scalarType(name)?.size).toBeLessThan(8);
});
