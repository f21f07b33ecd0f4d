import fc from 'fast-check';

import vm from 'node:vm';
import { prettify } from '../../support/prettier';
import { assignment, Code, type Literal } from '../../../lib/codegen/emit/print-literal';

const print = (value: Literal): string => assignment('export const value =', value, '', ';');

/** What the text means. */
const evaluate = (text: string): unknown =>
  vm.runInThisContext(`(() => { ${text.replace('export const', 'const')} return value; })()`) as unknown;

const long = 'x'.repeat(90);

const cases: [string, Literal][] = [
  ['a short object', { a: 1, b: 'two', c: true }],
  ['keys that are no identifiers', { 'struct request': 1, 'a-b': 2, '': 3, class: 4, größe: 5 }],
  ['__proto__', Object.fromEntries([['__proto__', 1]])],
  ['quotes in strings', { single: "it's", double: 'say "so"', both: `it's "so"`, back: 'a\\b' }],
  ['control characters and line separators', { a: 'a\nb\u2028c\0\u202e', b: '\u{1f4a9}' }],
  [
    'several objects in an array',
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  ],
  ['several small objects in an array', [{ a: 1 }, { a: 3 }]],
  ['one object in an array', [{ a: 1, b: 2 }]],
  [
    'arrays in arrays',
    {
      a: [
        ['x', 'y'],
        ['z', 'w'],
      ],
    },
  ],
  ['empty ones', { a: [], b: {}, c: '' }],
  ['a long string under a long key', { description: long, name: long }],
  ['a string that just fits', { description: 'x'.repeat(80 - 18) }],
  ['a string that just does not', { description: 'x'.repeat(80 - 17) }],
  ['a long key', { [long]: { a: 1, b: 2 }, [`${long}2`]: 'text', [`${long}3`]: [1] }],
  ['big numbers', { a: 18446744073709551615n, b: -1n, c: -5, d: 4294967295 }],
  [
    'wide characters',
    { a: '漢字'.repeat(10), b: ['漢字漢字漢字漢字', '漢字漢字漢字漢字漢字漢字漢字漢字漢字'] },
  ],
];

test.each(cases)('%s: as prettier leaves it, and with the same meaning', async (_, value) => {
  const text = print(value);
  expect(await prettify(text)).toBe(text);
  expect(evaluate(text)).toEqual(value);
});

test('code is written as it is', () => {
  expect(print({ from: new Code('__filename') })).toBe('export const value = { from: __filename };\n');
});

/** Data of the shape that descriptors have. */
const data = fc.letrec<{ value: Literal }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ maxLength: 60, unit: 'grapheme-ascii' }),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), tie('value'), { maxKeys: 3 }), {
      maxLength: 3,
    }),
    fc.dictionary(fc.stringMatching(/^(struct )?[a-z]{1,20}$/), tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('any data keeps its meaning', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(evaluate(print(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});
