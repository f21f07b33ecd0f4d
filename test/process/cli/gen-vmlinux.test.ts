/** `gen vmlinux`: a header that compiles, loads, and says what bpftool's says; or an error and no file. */
import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Btf } from '../../../lib';
import { loadAddon } from '../../../lib/native/load/load';
import { BPFTOOL } from '../../support/bpftool';
import { cliScript } from '../../support/built-package';
import { clangFlags, compileBpf, compileBpfSource, ROOT } from '../../support/compile';
import { listedKernels } from '../../support/kernels';
import { mutate } from '../../support/mutate';
import { withFolder } from '../../support/run-cli';

const KERNEL = '/sys/kernel/btf/vmlinux';
const ENV = {
  ...process.env,
  LIBBPF_SUBSKEL_ADDON:
    process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node'),
};

const vmlinux = (args: readonly string[], cwd: string): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [cliScript(), 'gen', 'vmlinux', ...args], {
    encoding: 'utf8',
    env: ENV,
    cwd,
    maxBuffer: 64 << 20,
  });

/** The names of the kfuncs that a header declares, in its order. */
const kfuncsOf = (header: string): string[] =>
  [...header.matchAll(/^extern .* __weak __ksym;$/gm)].map(
    ([line]) => /(\w+)\(/.exec(line.replaceAll(/__attribute__\(\(.*?\)\)+/g, ''))?.[1] ?? line,
  );

const PROGRAM = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
int parent;
SEC("raw_tp/sched_switch") int on_switch(void *ctx) {
  struct task_struct *task = (void *)bpf_get_current_task();
  parent = BPF_CORE_READ(task, real_parent, tgid);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

/** A kfunc of 6.2 and later, which the header declares only where the kernel's BTF marks it. */
const KFUNCS = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
int found;
SEC("raw_tp/sched_switch") int on_switch(void *ctx) {
  if (!bpf_ksym_exists(bpf_rdonly_cast)) return 0;
  struct task_struct *task = bpf_rdonly_cast((void *)bpf_get_current_task(), bpf_core_type_id_kernel(struct task_struct));
  found = task->tgid;
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

test("the running kernel's types and kfuncs: BPF programs compile with them, and load; the folder is made", () => {
  withFolder((folder) => {
    expect(vmlinux(['--out', 'made/for/vmlinux.h'], folder)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    copyFileSync(path.join(folder, 'made/for/vmlinux.h'), path.join(folder, 'vmlinux.h'));
    rmSync(path.join(folder, 'made'), { recursive: true });
    expect(readdirSync(folder)).toEqual(['vmlinux.h']);
    const tagged = [...Btf.vmlinux().types({ kind: 'func' })].filter(({ tags }) =>
      tags.includes('bpf_kfunc'),
    );
    const declared = kfuncsOf(readFileSync(path.join(folder, 'vmlinux.h'), 'utf8'));
    expect(declared).toHaveLength(tagged.length);
    const sources = [PROGRAM, ...(tagged.some(({ name }) => name === 'bpf_rdonly_cast') ? [KFUNCS] : [])];
    for (const source of sources) {
      writeFileSync(path.join(folder, 'program.bpf.c'), source);
      execFileSync('clang', [...clangFlags(), '-Werror', '-Wno-unused-function', '-c', 'program.bpf.c'], {
        cwd: folder,
        stdio: 'pipe',
      });
      const object = loadAddon().openFile(path.join(folder, 'program.bpf.o'), {});
      object.load();
      object.close();
    }
  });
});

/** Definitions of named types; where a newer libbpf puts spaces, and how it spells a member, is its own affair. */
const definitions = (text: string): string[] =>
  [...text.matchAll(/^(?:(?:struct|union|enum) \w+ \{|typedef .*|#.*)$/gm)]
    .map(([line]) => line.replace(/ ?([*()[\],]) ?/g, '$1').trim())
    .filter((line) => !/^typedef (?:struct|union|enum) \{/.test(line))
    .sort();

test('it defines what bpftool defines, in the same frame', () => {
  withFolder((folder) => {
    const { status, stdout } = vmlinux([], folder);
    expect(status).toBe(0);
    const theirs = execFileSync(BPFTOOL, ['btf', 'dump', 'file', KERNEL, 'format', 'c'], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    // bpftool before 7.5 has no kfuncs and so not their two blocks.
    const blocks =
      /^#ifndef BPF_NO_KFUNC_PROTOTYPES\n(?:#ifndef[^]*?\n#endif\n#endif\n|extern .*;\n)+#endif\n\n/gm;
    const common = (text: string): string => text.replace('\n/* BPF kfuncs */\n', '').replaceAll(blocks, '');
    const mine = common(stdout);
    expect(mine).not.toContain(' __ksym');
    const ours = definitions(mine);
    expect(ours.length).toBeGreaterThan(1000);
    expect(ours).toEqual(definitions(common(theirs)));
    expect(mine.startsWith(theirs.slice(0, theirs.indexOf('typedef')))).toBe(true);
    expect(mine.slice(-160)).toBe(theirs.slice(-160));
  });
});

/** Fetched kernels: of 7.3 bpftool 7.8 writes 312 kfuncs, two of them fastcall, and some with address spaces. */
const newest = listedKernels().at(-1);
(newest?.btf === undefined ? test.skip : test)(
  'the kfuncs of the newest kernel compile, in the order of their names',
  () => {
    withFolder((folder) => {
      expect(vmlinux(['--btf', newest?.btf ?? '', '--out', 'vmlinux.h'], folder)).toMatchObject({
        status: 0,
      });
      const names = kfuncsOf(readFileSync(path.join(folder, 'vmlinux.h'), 'utf8'));
      expect(names.length).toBeGreaterThan(300);
      expect(names).toEqual([...names].sort());
      const use = names.map((name) => `(void *)${name}`).join(', ');
      writeFileSync(
        path.join(folder, 'all.c'),
        `#include "vmlinux.h"\nvoid *addresses_of_all_kfuncs(void) { return (${use}); }\n`,
      );
      execFileSync('clang', ['-target', 'bpf', '-w', '-fms-extensions', '-fsyntax-only', 'all.c'], {
        cwd: folder,
      });
    });
  },
);

test('the types of an object file, and of the raw BTF in it', () => {
  withFolder((folder) => {
    copyFileSync(compileBpf('addon'), path.join(folder, 'addon.bpf.o'));
    const { status, stdout } = vmlinux(['--btf', 'addon.bpf.o'], folder);
    expect(status).toBe(0);
    expect(stdout).toContain('struct xdp_md {');
    execFileSync('llvm-objcopy', ['--dump-section', '.BTF=addon.btf', 'addon.bpf.o'], { cwd: folder });
    expect(vmlinux(['--btf', 'addon.btf'], folder)).toMatchObject({ status: 0, stdout, stderr: '' });
    const order = compileBpfSource('struct pair { int a; long b; } pair;', 'vmlinux_order', [
      '-target',
      'bpfeb',
    ]);
    expect(vmlinux(['--btf', order], folder).stdout).toContain('struct pair {\n\tint a;\n\tlong b;\n};');
  });
});

describe('what is no BTF: one line that names the file, and the old output stays', () => {
  const cases: [string, string[], RegExp][] = [
    ['a file that is not there', ['--btf', 'gone.btf'], /gone\.btf: no such file or directory \(ENOENT\)$/],
    ['a directory', ['--btf', '.'], /directory \(EISDIR\)$/],
    ['an empty file', ['--btf', 'empty'], /\/empty: BTF header: .*0 bytes/],
    ['text', ['--btf', 'text'], /\/text: BTF header: does not start with the magic number/],
    ['an object without BTF', ['--btf', 'plain.o'], /\/plain\.o: has no BTF: compile it with clang -g/],
    ['the beginning of one', ['--btf', 'cut.btf'], /\/cut\.btf: BTF header: .* of 100000: it is truncated/],
    ['a base that is not there', ['--btf', 'plain.o', '--base', 'gone'], /gone: no such file or directory/],
    ['a base that is none', ['--btf', KERNEL, '--base', 'text'], /\/text: BTF header: does not start/],
    ['a base of another file', ['--btf', 'addon.bpf.o', '--base', KERNEL], /addon\.bpf\.o: BTF type \d+ /],
  ];
  test.each(cases)('%s', (_, args, message) => {
    withFolder((folder) => {
      const put = (name: string, content: string | Uint8Array): void =>
        writeFileSync(path.join(folder, name), content);
      put('empty', '');
      put('text', 'hello, world\n'.repeat(10));
      put('cut.btf', readFileSync(KERNEL).subarray(0, 100_000));
      put('vmlinux.h', 'old');
      copyFileSync(compileBpfSource('int x = 1;', 'vmlinux_plain', ['-g0']), path.join(folder, 'plain.o'));
      copyFileSync(compileBpf('addon'), path.join(folder, 'addon.bpf.o'));
      const before = readdirSync(folder);
      const { status, stdout, stderr } = vmlinux([...args, '--out', 'vmlinux.h'], folder);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^libbpf-subskel: [^\n]*\n$/);
      expect(stderr.trimEnd()).toMatch(message);
      expect(readFileSync(path.join(folder, 'vmlinux.h'), 'utf8')).toBe('old');
      expect(readdirSync(folder)).toEqual(before);
    });
  });
});

test('no addon is needed', () => {
  withFolder((folder) => {
    const args = ['--no-addons', cliScript(), 'gen', 'vmlinux', '--btf', compileBpf('addon')];
    const env = { ...process.env, LIBBPF_SUBSKEL_ADDON: '/nonexistent' };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env,
      cwd: folder,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('struct xdp_md {');
  });
});

test('damaged BTF: a header or an error; the command itself never crashes', () => {
  withFolder((folder) => {
    const bytes = readFileSync(compileBpf('addon'));
    for (let seed = 1; seed <= 10; seed++) {
      writeFileSync(path.join(folder, 'bad.o'), mutate(bytes, [], seed));
      const { status, stderr, signal } = vmlinux(['--btf', 'bad.o'], folder);
      expect(signal).toBeNull();
      if (status !== 0) expect(stderr).toMatch(/^libbpf-subskel: [^\n]*bad\.o/);
    }
  });
}, 60_000);
