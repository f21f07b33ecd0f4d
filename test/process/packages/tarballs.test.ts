/** What npm publishes of each library package: all that its package.json promises, and nothing of the build. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/compile';

const PACKAGES = path.join(ROOT, 'packages');
const names = readdirSync(PACKAGES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

test.each(names.map(({ name }) => name))('%s', (name) => {
  const folder = path.join(PACKAGES, name);
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(output) as [{ name: string; files: { path: string }[] }];
  const files = packed.files.map((file) => file.path).sort();
  const stem = name.replaceAll('-', '_');
  const { bpf, exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  expect(packed.name).toBe(`@libbpf-subskel/${name}`);
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', bpf.object, `${bpf.include}/${stem}.h`]),
  );
  const { types, default: main } = exports['.'];
  for (const file of [types, main]) expect(files).toContain(path.normalize(file));
  const others = files.filter(
    (file) => !/^(bpf\/\w+\.(bpf\.c|bpf\.o|h)|dist\/[\w./-]+\.(js|d\.ts))$/.test(file),
  );
  expect(others.filter((file) => !['LICENSE', 'README.md', 'package.json'].includes(file))).toEqual([]);
});
