/** The same program outside of Node.js, without privileges, and without a binary that fits. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, example, project, run, RUNTIMES } from './support';

let out = '';
let folder = '';
const PROGRAM = `
const { readFileSync } = require('node:fs');
const { BpfObject, describe, openSubskeleton } = require('libbpf-subskel');
const [file, library, user] = process.argv.slice(2);
if (user !== undefined) process.setgroups([]), process.setgid(65534), process.setuid(65534);
const described = describe(library);
console.log('described', described.variables.length > 3);
try {
  const object = BpfObject.open(file);
  const stats = openSubskeleton(object, described);
  stats.rodata.target_pid.value = process.pid;
  object.load();
  stats.progs.on_request.attach();
  for (let i = 0; i < 100; i++) readFileSync(__filename);
  const { requests } = stats.bss;
  console.log(requests.value >= 300n ? 'counted' : 'not counted', typeof requests.atomic.add(1n));
  object.close();
  // Once more, with an array that we lend out: its memory has another end.
  const again = BpfObject.open(file);
  again.load();
  const { histogram } = openSubskeleton(again, described).bss;
  const array = histogram.value;
  array[0] = 7n;
  again.close();
  console.log('lent', array.length);
  requests.value;
} catch (error) {
  console.log(error.code, error.message.split('\\n')[0]);
}
`;

beforeAll(() => {
  out = example();
  folder = project('runtimes', { 'main.cjs': PROGRAM });
}, 60_000);
afterAll(cleanUp);

const program = (...more: string[]): string[] => [
  'main.cjs',
  path.join(out, 'agent.linked.bpf.o'),
  path.join(out, 'request_stats.bpf.o'),
  ...more,
];
const RAN = /^described true\ncounted bigint\nlent 0\nERR_CLOSED .*is closed\n$/;

test.each([
  ['Bun', RUNTIMES.bun, []],
  ['Deno', RUNTIMES.deno, ['run', '--allow-all']],
] as const)(
  '%s runs it',
  (_, runtime, options) => {
    const { status, stdout, stderr } = run(runtime, [...options, ...program()], folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(RAN);
  },
  60_000,
);

test('without privileges: everything up to load() works, which names the capability', () => {
  const { status, stdout } = run(process.execPath, program('nobody'), folder);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^described true\nEPERM .*CAP_BPF/);
});

describe('no binary fits', () => {
  test.each([
    ['an architecture that the package has none for', 'arch', "'riscv64'", /has no binary for linux-riscv64/],
    ['another system', 'platform', "'darwin'", /BPF is a part of the Linux kernel, and this is darwin/],
  ])('%s', (_, property, value, expected) => {
    const preload = `data:text/javascript,Object.defineProperty(process,'${property}',{value:${value}});import os from 'node:os';os.${property}=()=>${value};`;
    const { stdout } = run(process.execPath, ['--import', preload, ...program()], folder);
    expect(stdout).toMatch(/^described true\nERR_ADDON the native addon of libbpf-subskel did not load: /);
    expect(stdout).toMatch(expected);
  });

  test('the binaries are missing: the first use says what to type, and the generator works', () => {
    const bare = project('bare', { 'main.cjs': PROGRAM });
    rmSync(path.join(bare, 'node_modules/libbpf-subskel/prebuilds'), { recursive: true });
    const { stdout } = run(process.execPath, program(), bare);
    expect(stdout).toMatch(
      /^described true\nERR_ADDON .* has no binary for linux-\w+ with glibc [\d.]+\. Type: npx libbpf-subskel build-addon \(it needs bash, g\+\+, make, python3 and the network\)\n$/,
    );
    const cli = 'node_modules/libbpf-subskel/dist/cli/main.js';
    const generated = run(
      process.execPath,
      [cli, 'gen', 'subskeleton', path.join(out, 'request_stats.bpf.o')],
      bare,
    );
    expect(generated).toMatchObject({ status: 0, stderr: '' });
    // No compiler in PATH: said before anything is fetched.
    const built = run(process.execPath, [cli, 'build-addon'], bare);
    expect(built).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/not found in PATH: bash, g\+\+, make, python3/) as string,
    });
  }, 60_000);
});
