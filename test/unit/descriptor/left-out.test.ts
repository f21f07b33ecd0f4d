/** Variables that a descriptor has not: each with its reason, and none in silence. */
import path from 'node:path';
import { describe as describeObject, UnsupportedError } from '../../../lib';
import type { ObjectInspection } from '../../../lib/descriptor/read/inspect-object';
import { internalMapIdentifiers } from '../../../lib/descriptor/identifiers';
import { compileBpfSource } from '../../support/compile';
import { cli } from '../../support/run-cli';

const PRELUDE = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n';
const LICENSE = '\nchar LICENSE[] SEC("license") = "GPL";';
const compiled = (name: string, text: string): string =>
  compileBpfSource(PRELUDE + text + LICENSE, `left_out_${name}`);

const names = (file: string): string[] => describeObject(file).variables.map(({ name }) => name);

async function inspected(
  file: string,
): Promise<{ object: ObjectInspection; status: number; stderr: string }> {
  const { stdout, status, stderr } = await cli(['inspect', file, '--json']);
  return { object: (JSON.parse(stdout) as ObjectInspection[])[0]!, status, stderr };
}

const HIDDEN = compiled(
  'hidden',
  `extern __hidden int shared; extern __hidden __weak int maybe; extern int plain; __hidden int own = 1;
   extern __hidden int helper(int);
   SEC("raw_tp/sys_exit") int b(void *ctx) { return helper(shared) + plain + own + (&maybe ? maybe : 0); }`,
);
const INCOMPLETE = compiled(
  'incomplete',
  `extern struct unknown x; extern int y; SEC("raw_tp/sys_exit") int b(void *ctx) { return (long)&x + y; }`,
);
const PER_CPU = compiled(
  'percpu',
  `int counter SEC(".percpu") = 3; static int own SEC(".percpu") = 4; int plain = 1;
   SEC("raw_tp/sys_enter") int p(void *ctx) { own++; counter++; return plain; }`,
);

test('externs of hidden visibility, which the linker resolves', async () => {
  expect(names(HIDDEN)).toEqual(['plain']);
  const { object, status } = await inspected(HIDDEN);
  expect(status).toBe(0);
  expect(object.leftOut.map(({ name }) => name).sort()).toEqual(['maybe', 'shared']);
  expect(object.externs.map(({ name }) => name)).toEqual(['plain']);
  const { stdout } = await cli(['inspect', HIDDEN]);
  expect(stdout).toMatch(/variables that modules leave out\n {2}\w+ +hidden: the linker finds it/);
});

test('an extern whose type is incomplete leaves out itself, not the library', async () => {
  expect(names(INCOMPLETE)).toEqual(['y']);
  const { object, status } = await inspected(INCOMPLETE);
  expect(status).toBe(0);
  expect(object.leftOut).toEqual([
    { name: 'x', reason: 'its type is only declared here: include the header that defines it' },
  ]);
  expect((await cli(['gen', 'subskeleton', INCOMPLETE])).status).toBe(0);
});

describe('global per-CPU data', () => {
  const REASON = /variable 'counter' in \.percpu: per-CPU data needs libbpf 1\.8/;

  test('describe() refuses it by name', () => {
    expect(() => describeObject(PER_CPU)).toThrow(UnsupportedError);
    expect(() => describeObject(PER_CPU)).toThrow(REASON);
  });

  test.each(['subskeleton', 'skeleton'])('gen %s fails, and writes nothing', async (kind) => {
    const { status, stdout, stderr } = await cli(['gen', kind, PER_CPU]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(REASON);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('inspect shows the section, and says so', async () => {
    const { object, status, stderr } = await inspected(PER_CPU);
    expect(status).toBe(1);
    expect(stderr).toMatch(REASON);
    expect(object.sections.find(({ name }) => name === '.percpu')).toMatchObject({
      size: 8,
      variables: [
        { name: 'counter', size: 4 },
        { name: 'own', static: true },
      ],
    });
    expect((await cli(['inspect', PER_CPU])).stdout).toMatch(
      /\n\.percpu \(8 bytes\)\n {2}0 +4 bytes +counter\n/,
    );
  });
});

test('the arena has no second map', () => {
  expect([...internalMapIdentifiers(['.addr_space.1', '.bss'], ['arena'])]).toEqual([['.bss', 'bss']]);
  expect([...internalMapIdentifiers(['.addr_space.1', '.bss'], ['other'])]).toEqual([['.bss', 'bss']]);
});

test('the file is named in what is refused', () => {
  expect(() => describeObject(PER_CPU)).toThrow(path.basename(PER_CPU));
});
