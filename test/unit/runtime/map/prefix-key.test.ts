/** Prefixes of IP as keys of LPM tries, and back. */
import { ArgumentError, prefixKey, prefixOf } from '../../../../lib';

test.each<readonly [string, readonly number[], string]>([
  ['10.0.0.0/8', [8, 0, 0, 0, 10, 0, 0, 0], '10.0.0.0/8'],
  ['0.0.0.0/0', [0, 0, 0, 0, 0, 0, 0, 0], '0.0.0.0/0'],
  ['192.168.1.5', [32, 0, 0, 0, 192, 168, 1, 5], '192.168.1.5/32'],
  ['10.1.2.3/8', [8, 0, 0, 0, 10, 1, 2, 3], '10.1.2.3/8'],
  ['::/0', [0, 0, 0, 0, ...new Array<number>(16).fill(0)], '::/0'],
  ['::1', [128, 0, 0, 0, ...new Array<number>(15).fill(0), 1], '::1/128'],
  ['2001:DB8::/32', [32, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, ...new Array<number>(12).fill(0)], '2001:db8::/32'],
  [
    '::ffff:1.2.3.4/96',
    [96, 0, 0, 0, ...new Array<number>(10).fill(0), 255, 255, 1, 2, 3, 4],
    '::ffff:1.2.3.4/96',
  ],
  ['1:0:0:2:0:0:0:3/64', [64, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3], '1:0:0:2::3/64'],
  [
    '1:2:3:4:5:6:0:8/127',
    [127, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 8],
    '1:2:3:4:5:6:0:8/127',
  ],
  ['fe80::/10', [10, 0, 0, 0, 0xfe, 0x80, ...new Array<number>(14).fill(0)], 'fe80::/10'],
  ['1:2:3:4:5:6:7::', [128, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0], '1:2:3:4:5:6:7:0/128'],
])('%s', (prefix, bytes, text) => {
  const key = prefixKey(prefix);
  expect([...key]).toEqual(bytes);
  expect(prefixOf(key)).toBe(text);
  expect(prefixKey(text)).toEqual(key);
});

test.each([
  '',
  '10',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0.256/8',
  '10.0.0.0/0x8',
  '::/129',
  'fe80::1%eth0/64',
  ':::/8',
  '1:2:3:4:5:6:7:8:9/8',
  ' 10.0.0.0/8',
])('%p is none', (prefix) => {
  expect(() => prefixKey(prefix)).toThrow(ArgumentError);
});

test.each([
  [new Uint8Array(7)],
  [Uint8Array.of(33, 0, 0, 0, 1, 2, 3, 4)],
  [Uint8Array.of(129, ...new Array<number>(19).fill(0))],
  ['10.0.0.0/8' as never],
  [undefined as never],
])('%p is no key', (key) => {
  expect(() => prefixOf(key)).toThrow(ArgumentError);
});
