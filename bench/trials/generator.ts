/** The generator: how long a user waits for one module, for 400 of them, and in how much memory. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BPFTOOL } from '../../test/support/bpftool';
import { compileBpfSource } from '../../test/support/compile';
import { median, time, type Measured } from '../measure';

const MAIN = path.join(__dirname, '../../lib/cli/main.js');
const MODULES = [
  'maps_typed',
  'btf_structs',
  'names_typescript',
  'programs_all',
  'records',
  'struct_ops',
  'large',
  'btf_pointers',
];
const OBJECTS = 400;

/** The benches run in the repository's folder. */
const corpusObject = (name: string): string =>
  compileBpfSource(readFileSync(`test/bpf/corpus/${name}.bpf.c`, 'utf8'), name, [
    '-I',
    path.resolve('deps/libbpf/include'),
  ]);

const milliseconds = (work: () => void): number => time(work) / 1e6;

const node = (args: readonly string[]): void => {
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
};

/** A bar that is a number and not a ratio: the reference is the number. */
const against = (name: string, ours: number, reference: number, unit: string): Measured => ({
  name,
  ours,
  reference,
  unit,
  ratio: ours / reference,
  bar: 1,
});

function oneModule(name: string): Measured {
  const object = corpusObject(name);
  const samples = Array.from({ length: 9 }, () => {
    const bare = milliseconds(() => node(['-e', '0']));
    return milliseconds(() => node([MAIN, 'gen', 'subskeleton', object])) - bare;
  });
  return against(`gen subskeleton ${name}, over node -e 0 / limit`, median(samples), 150, 'ms');
}

function manyModules(): Measured[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-generator-'));
  try {
    const objects = Array.from({ length: OBJECTS }, (_, i) => {
      const object = path.join(folder, `object_${i}.bpf.o`);
      copyFileSync(corpusObject(MODULES[i % MODULES.length]!), object);
      return object;
    });
    const peak = path.join(folder, 'peak');
    // The command itself, which leaves behind what memory it needed.
    const script = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))); require(${JSON.stringify(MAIN)})`;
    const ours = milliseconds(() =>
      node([
        '-e',
        script,
        '--',
        'x',
        'gen',
        'subskeleton',
        ...objects,
        '--out-dir',
        path.join(folder, 'out'),
      ]),
    );
    const megabytes = Number(readFileSync(peak, 'utf8')) / 1024;
    const bpftool = milliseconds(() => {
      for (const object of objects) spawnSync(BPFTOOL, ['gen', 'skeleton', object], { stdio: 'ignore' });
    });
    return [
      against(`${OBJECTS} objects in one process / limit`, ours / 1000, 10, 's'),
      against(`${OBJECTS} objects in one process: memory / limit`, megabytes, 200, 'MB'),
      {
        name: `${OBJECTS} objects / ${OBJECTS} bpftool gen skeleton`,
        ours: ours / 1000,
        reference: bpftool / 1000,
        unit: 's',
        ratio: ours / bpftool,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function run(): Measured[] {
  return [oneModule('maps_typed'), oneModule('large'), ...manyModules()];
}
