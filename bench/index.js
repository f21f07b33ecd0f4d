#!/usr/bin/env node
'use strict';
// npm run bench [-- TRIAL…]: runs the trials, each in a process of its own, and prints what each measured against which
// reference, as a ratio, beside its bar. Ends with 1 if a bar is missed. bench/README.md keeps the numbers.
const { execFileSync, spawnSync } = require('node:child_process');
const { readdirSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
execFileSync('bash', ['scripts/setup'], { cwd: root, stdio: 'inherit' });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'bench/tsconfig.json'], {
  cwd: root,
  stdio: 'inherit',
});

const all = readdirSync(path.join(__dirname, 'trials'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'));
// The trials' own compiled copy of lib/ looks for the addon beside itself.
process.env.LIBBPF_SUBSKEL_ADDON ??= path.join(root, 'build/Release/libbpf_subskel.node');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no trial ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exit(2);
}

let missed = 0;
console.log(
  `${'trial'.padEnd(58)}${'ours'.padStart(12)}${'reference'.padStart(12)}  ${'unit'.padEnd(8)}${'ratio'.padStart(9)}  bar`,
);
for (const trial of wanted.length > 0 ? wanted : all) {
  const runner = path.join(__dirname, 'out/bench/run-trial.js');
  const result = spawnSync(process.execPath, ['--expose-gc', runner, trial], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (result.status !== 0) {
    console.log(`${trial.padEnd(58)}  failed`);
    missed++;
    continue;
  }
  for (const { name, ours, reference, unit, ratio, bar } of JSON.parse(result.stdout)) {
    const kept = bar === undefined || ratio <= bar;
    if (!kept) missed++;
    const number = (n) => (n === undefined ? '' : n.toPrecision(4));
    console.log(
      `${name.padEnd(58)}${number(ours).padStart(12)}${number(reference).padStart(12)}  ${unit.padEnd(8)}` +
        `${ratio.toPrecision(3).padStart(9)}  ${bar === undefined ? 'reported' : `≤ ${bar.toPrecision(3)} ${kept ? 'kept' : 'MISSED'}`}`,
    );
  }
}
process.exitCode = missed > 0 ? 1 : 0;
