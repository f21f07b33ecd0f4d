/** The lint rules that hold lib/ to its layers: that they find what they look for, in a small library of their own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Linter } from 'eslint';
import { ROOT } from '../../support/compile';

interface Rules {
  readonly checkTable: (layers: Readonly<Record<string, readonly string[]>>) => void;
  readonly placesOf: (root: string) => string[];
  readonly plugin: NonNullable<Linter.Config['plugins']>[string];
}
const { checkTable, placesOf, plugin } = jest.requireActual<Rules>('../../../scripts/eslint-layers.cjs');
const TABLE = jest.requireActual<Record<string, string[]>>('../../../scripts/layers.cjs');

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'layers-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LAYERS = { low: [], high: ['low'], 'high/top': ['high'] };

/** What the rules say of one of these files. */
function lint(files: Readonly<Record<string, string>>, name: string): string[] {
  const root = mkdtempSync(path.join(folder, 'lib-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const filename = path.join(root, name);
  return new Linter({ cwd: root })
    .verify(
      readFileSync(filename, 'utf8'),
      {
        files: ['**/*.ts'],
        plugins: { layers: plugin },
        rules: {
          'layers/one-way': ['error', { layers: LAYERS, root }],
          'layers/no-circle': ['error', { root }],
        },
      },
      { filename },
    )
    .map(({ message }) => message);
}

const low = 'export const low = 1;\n';
test.each([
  ['downwards', { 'low/a.ts': low, 'high/b.ts': "import { low } from '../low/a';\n" }, 'high/b.ts', []],
  [
    'upwards',
    { 'low/a.ts': "import { b } from '../high/b';\n", 'high/b.ts': 'export const b = 1;\n' },
    'low/a.ts',
    ['lib/low may import from itself and nothing else, not from high.'],
  ],
  [
    'past a floor that is not allowed',
    { 'low/a.ts': low, 'high/top/c.ts': "export { low } from '../../low/a';\n" },
    'high/top/c.ts',
    ['lib/high/top may import from itself and high, not from low.'],
  ],
  [
    'by require()',
    { 'high/b.ts': 'exports.b = 1;\n', 'low/a.ts': "const late = () => require('../high/b');\n" },
    'low/a.ts',
    ['lib/low may import from itself and nothing else, not from high.'],
  ],
  [
    'in a circle of files',
    {
      'low/a.ts': "import { b } from './b';\nexport const a = b;\n",
      'low/b.ts': "import { a } from './a';\nexport const b = a;\n",
    },
    'low/a.ts',
    [`A circle of imports: ${path.join('low', 'a.ts')} -> low/b.ts -> low/a.ts`],
  ],
  [
    'from a folder that the table lacks',
    { 'new/x.ts': low },
    'new/x.ts',
    ['lib/new is not in the table of layers.'],
  ],
])('an import %s', (_, files, name, expected) => {
  expect(lint(files as unknown as Record<string, string>, name)).toEqual(expected);
});

test('a table with a circle, or with a folder that it lacks, is refused', () => {
  expect(() => checkTable({ a: ['b'], b: ['a'] })).toThrow('layers: a circle: a -> b -> a');
  expect(() => checkTable({ a: ['b'] })).toThrow("layers: 'b' is not in the table");
});

test('the table has each folder of lib, and no other', () => {
  checkTable(TABLE);
  expect(Object.keys(TABLE).sort()).toEqual(placesOf(path.join(ROOT, 'lib')));
});
