/**
 * Generated modules against the files in test/bpf/golden, which reviewers read. `npm run golden` writes them anew, after
 * a change that is meant; the difference is then part of the commit.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withTypes } from '../../../lib/codegen/emit/extra-types';
import { generate, type GenerateOptions } from '../../../lib/codegen/generate';
import { describe as describeObject, readBtf } from '../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../lib/elf/elf';
import { ROOT } from '../../support/compile';
import { corpusBytes } from '../../support/corpus';

const FOLDER = path.join(ROOT, 'test/bpf/golden');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

interface Golden extends GenerateOptions {
  readonly source: string;
  readonly types?: readonly string[];
}

const GOLDEN: Readonly<Record<string, Golden>> = {
  'btf_enums.subskel': { source: 'btf_enums', kind: 'subskeleton' },
  'btf_structs.subskel': { source: 'btf_structs', kind: 'subskeleton' },
  'btf_tags.subskel': { source: 'btf_tags', kind: 'subskeleton' },
  'kconfig.subskel': { source: 'kconfig', kind: 'subskeleton', check: 'off' },
  'maps_typed.subskel': { source: 'maps_typed', kind: 'subskeleton', int64: 'number' },
  'names_collide.subskel': { source: 'names_collide', kind: 'subskeleton' },
  'records.subskel': {
    source: 'records',
    kind: 'subskeleton',
    types: ['struct request', 'body'],
    lang: 'js',
    module: 'esm',
  },
  'sections_many.subskel': { source: 'sections_many', kind: 'subskeleton', check: 'size' },
  'struct_ops.skel': { source: 'struct_ops', kind: 'skeleton', object: './struct_ops.bpf.o' },
  'struct_ops.cjs.skel': { source: 'struct_ops', kind: 'skeleton', object: './struct_ops.bpf.o', lang: 'js' },
  'subprograms.subskel': { source: 'subprograms', kind: 'subskeleton' },
  'unresolved.subskel': { source: 'unresolved', kind: 'subskeleton' },
};

const files = Object.entries(GOLDEN).flatMap(([file, { source, types = [], ...options }]) => {
  const bytes = corpusBytes(source);
  const btf = readBtf(parseElf(bytes, source));
  const descriptor = withTypes(describeObject(bytes, { name: source }), btf, types);
  return generate(descriptor, options).map(({ extension, text }): [string, string] => [
    `${file}.${extension}`,
    text,
  ]);
});

test.each(files)('%s', (file, text) => {
  const golden = path.join(FOLDER, file);
  if (UPDATE) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(golden, text);
  }
  expect(existsSync(golden) ? readFileSync(golden, 'utf8') : undefined).toBe(text);
});

test('there is no golden file that nothing generates', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(files.map(([file]) => file).sort());
});
