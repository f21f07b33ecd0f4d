/** Processes that lack what others have: descriptors, /proc, /sys, or find something else there. Nothing is silently wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PRIVATE_MOUNTS, runChild } from '../../support/child';
import { compileBpf, compileBpfSource, compileNoMapping } from '../../support/compile';

const HARNESS = `
const { execFileSync } = require('node:child_process');
const told = {};
const tell = (name, work) => {
  try { told[name] = work(); } catch (error) { told[name] = { code: error.code, message: error.message }; }
};
const mount = (...given) => execFileSync('mount', given);
const file = (name) => { const object = subskel.BpfObject.open(args[name]); object.load(); return object; };
process.on('exit', () => console.log(JSON.stringify(told)));
`;

type Told = Record<string, any>;

function run(
  script: string,
  args: Readonly<Record<string, unknown>> = {},
  environment: readonly string[] = [],
): Told {
  const all = { objects: compileBpf('objects'), events: compileBpf('events'), ...args };
  const { stdout, stderr, status, signal } = runChild(
    HARNESS + script,
    all,
    [],
    [...environment, ...PRIVATE_MOUNTS],
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout) as Told;
}

describe('/sys/devices/system/cpu/possible is somebody else’s file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'possible-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  // libbpf believes it, and the kernel writes the values of all CPUs that there are, beyond the memory for fewer.
  test.each(['0', '0-63'])('%s', (text) => {
    const real = /(\d+)\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))?.[1];
    const fake = path.join(folder, 'possible');
    writeFileSync(fake, `${text}\n`);
    const { values, cpus } = run(
      `mount('--bind', args.fake, '/sys/devices/system/cpu/possible');
       tell('cpus', () => subskel.kernel.possibleCpus);
       tell('values', () => file('objects').map('per_cpu').get(0).length);`,
      { fake },
    );
    expect({ values, cpus }).toEqual({ values: Number(real) + 1, cpus: Number(real) + 1 });
  });
});

test('no descriptors are left: what the kernel can is not known, and not denied', () => {
  const told = run(`
    subskel.kernel.hasMapType('hash');
    tell('before', () => subskel.kernel.features({ refresh: true }).mapTypes.hash);
    const { openSync, closeSync } = require('node:fs');
    execFileSync('prlimit', ['--nofile=64', '--pid', String(process.pid)]);
    const held = [];
    try { for (;;) held.push(openSync('/dev/null')); } catch {}
    tell('hasMapType', () => subskel.kernel.hasMapType('hash'));
    tell('hasProgramType', () => subskel.kernel.hasProgramType('xdp'));
    tell('features', () => subskel.kernel.features({ refresh: true }).mapTypes.hash);
    tell('create', () => subskel.BpfMap.create({ type: 'array', value: 8, maxEntries: 1 }));
    for (const fd of held) closeSync(fd);
    tell('after', () => subskel.kernel.features().mapTypes.hash);`);
  expect(told).toMatchObject({
    before: true,
    hasMapType: { code: 'EMFILE' },
    hasProgramType: { code: 'EMFILE' },
    features: { code: 'EMFILE' },
    create: { code: 'EMFILE' },
    after: true,
  });
});

test.each([0, 1, 2, 3, 5, 8, 10, 20])(
  '%i descriptors are left for a load: later ones are not the worse for it',
  (free) => {
    const told = run(
      `
    const { openSync, closeSync } = require('node:fs');
    const object = subskel.BpfObject.open(args.objects);
    object.program('add'), object.sections, object.map('points');
    tell('warm', () => subskel.BpfObject.open('/nonexistent'));
    execFileSync('prlimit', ['--nofile=64', '--pid', String(process.pid)]);
    const held = [];
    try { for (;;) held.push(openSync('/dev/null')); } catch {}
    for (let i = 0; i < args.free; i++) closeSync(held.pop());
    tell('first', () => { object.load(); return 'loaded'; });
    for (const fd of held) closeSync(fd);
    tell('again', () => { if (!object.loaded) object.load(); return object.loaded; });
    tell('later', () => {
      const later = file('objects');
      later.section('.bss').variables.get('total').atomic.add(1n);
      return [later.section('.data').variables.get('calls').value, later.program('add').info().name];
    });`,
      { free },
    );
    const short = {
      code: 'EMFILE',
      message: expect.stringMatching(/may take \d+ file descriptors.*ulimit -n/),
    };
    expect(told).toMatchObject({ first: free < 20 ? short : 'loaded', again: true, later: [10, 'add'] });
  },
);

test('a map is refused for want of privileges: those made later, with them, have their names', () => {
  const { early, later } = run(`
    const make = (name) => subskel.BpfMap.create({ name, type: 'array', value: 8, maxEntries: 1 }).info().name;
    process.seteuid(65534);
    tell('early', () => make('early'));
    process.seteuid(0);
    tell('later', () => make('later'));`);
  expect({ early, later }).toMatchObject({ early: { code: 'EPERM' }, later: 'later' });
});

test.each([0, 1, 2])('the memory of section %i cannot be mapped: load() fails as a whole', (which) => {
  const three = compileBpfSource(
    `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int first SEC(".data.a") = 1; int second SEC(".data.b") = 5; int third SEC(".data.c") = 7;
SEC("syscall") int count(void *ctx) { first++; second++; third++; return second; }
char LICENSE[] SEC("license") = "GPL";`,
    'three_sections',
  );
  const told = run(
    `
    const object = subskel.BpfObject.open(args.three);
    const variables = ['.data.a', '.data.b', '.data.c'].map((name) => [...object.section(name)][0]);
    for (const variable of variables) variable.value;
    tell('load', () => object.load());
    told.states = [object.loaded, object.closed];
    tell('program', () => object.program('count').testRun());
    told.variables = variables.map((variable) => { try { return variable.value; } catch (error) { return error.code; } });
    tell('close', () => { object.close(); return 'done'; });
    tell('later', () => file('three').program('count').testRun().retval);`,
    { three },
    // The sanitizers' runtime, where there is one, goes first.
    [
      `LD_PRELOAD=${[process.env['LD_PRELOAD'], compileNoMapping()].filter(Boolean).join(':')}`,
      `NO_MAPPING=${String(which)}`,
    ],
  );
  expect(told).toMatchObject({
    load: {
      code: 'ENOMEM',
      message: expect.stringMatching(/^map the memory of section '\.data\.[abc]': ENOMEM/),
    },
    states: [false, true],
    program: { code: 'ERR_CLOSED' },
    variables: ['ERR_CLOSED', 'ERR_CLOSED', 'ERR_CLOSED'],
    close: 'done',
    later: 6,
  });
});

test('/proc is not mounted: nothing is taken for something else', () => {
  const told = run(`
    const object = file('objects');
    mount('-t', 'tmpfs', 'none', '/proc');
    tell('variable', () => object.section('.data').variables.get('calls').value);
    tell('map', () => object.map('points').get(1));
    tell('create', () => subskel.BpfMap.create({ type: 'array', value: 8, maxEntries: 1 }));`);
  const without = { code: 'ERR_UNSUPPORTED', message: expect.stringContaining('/proc is not mounted') };
  expect(told).toEqual({ variable: 10, map: without, create: without });
});

test('/sys is not mounted: variables and maps work, and what does not says why', () => {
  const told = run(`
    mount('-t', 'tmpfs', 'none', '/sys');
    tell('variable', () => file('objects').section('.data').variables.get('calls').value);
    tell('per CPU', () => file('objects').map('per_cpu').get(0).length === subskel.kernel.possibleCpus);
    tell('vmlinux', () => subskel.Btf.vmlinux());
    tell('online', () => subskel.kernel.onlineCpus);`);
  expect(told).toMatchObject({
    variable: 10,
    'per CPU': true,
    vmlinux: { code: 'ERR_UNSUPPORTED', message: expect.stringContaining('/sys is not mounted') },
    online: { code: 'ENOENT' },
  });
});
