/** `build`: what is made, what is made again, and what is left alone. */
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { libbpfHeaders, splitWords } from '../../../lib/compile/clang';
import { formatDepfile, parseDepfile } from '../../../lib/compile/depfile';
import { hostArch } from '../../../lib/util/kernel-arch';
import { ROOT } from '../../support/compile';
import { cli, withFolder, type CliResult } from '../../support/run-cli';

const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "level.h"
int level = LEVEL;
SEC("raw_tp/sys_enter") int prog(void *ctx) { return level; }
char LICENSE[] SEC("license") = "GPL";
`;

interface Project {
  write(file: string, text: string): void;
  read(file: string): string;
  time(file: string): number;
  build(...args: string[]): Promise<CliResult>;
}

async function withProject(use: (project: Project) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const at = (file: string): string => path.join(folder, file);
    let clock = 1_700_000_000;
    const project: Project = {
      write(file, text) {
        mkdirSync(path.dirname(at(file)), { recursive: true });
        writeFileSync(at(file), text);
        // A file system's clock may be coarse; each write is later than the one before.
        clock += 10;
        utimesSync(at(file), clock, clock);
      },
      read: (file) => readFileSync(at(file), 'utf8'),
      time: (file) => statSync(at(file)).mtimeMs,
      build: (...args) => cli(['build', ...args], folder),
    };
    project.write('src/agent.bpf.c', SOURCE);
    project.write('src/level.h', '#define LEVEL 1\n');
    await use(project);
  });
}

test("the package brings libbpf's headers, and nothing else is needed of libbpf to compile with them", async () => {
  const { files } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain(path.relative(ROOT, libbpfHeaders() ?? ''));
  await withProject(async ({ build, write }) => {
    const names = ['helpers', 'tracing', 'core_read', 'endian'].map((name) => `bpf_${name}.h`);
    const includes = [...names, 'usdt.bpf.h'].map((name) => `#include <bpf/${name}>\n`).join('');
    write(
      'src/all.bpf.c',
      `#include <stdbool.h>\n#include <linux/ptrace.h>\n#include <linux/bpf.h>\n${includes}int x = 1;`,
    );
    const result = await build('src/all.bpf.c', '--out', 'out', '--quiet', '--depfile', 'all.d');
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

test('a struct that is a member without a name has its size, as in the headers of Linux 6.19 and later', async () => {
  await withProject(async ({ build, write }) => {
    write(
      'src/tagged.bpf.c',
      `struct in { long a; };
struct out { int b; struct in; };
_Static_assert(sizeof(struct out) == 16, "");
struct out shared;`,
    );
    const result = await build('src/tagged.bpf.c', '--out', 'out', '--quiet');
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

const BASIC = ['src/agent.bpf.c', '--out', 'out'];

test('an object, its skeleton and a depfile', async () => {
  await withProject(async ({ build, read }) => {
    expect(await build(...BASIC)).toEqual({
      status: 0,
      stdout: '',
      stderr: 'libbpf-subskel build: agent: wrote out/agent.bpf.o, out/agent.skel.ts\n',
    });
    expect(read('out/agent.skel.ts')).toMatch(/export interface Agent extends Skeleton/);
    const inputs = parseDepfile(read('out/agent.d'));
    expect(inputs.map((file) => path.basename(file))).toEqual(
      expect.arrayContaining(['agent.bpf.c', 'level.h', 'bpf_helpers.h', 'bpf.h']),
    );
    expect(read('out/agent.d')).toMatch(/^out\/agent\.bpf\.o out\/agent\.skel\.ts: \\\n/);
  });
});

const OBJECT = 'out/agent.bpf.o';
const MODULE = 'out/agent.skel.ts';

test.each<[string, (project: Project) => void, string[], string]>([
  ['nothing', () => {}, [], 'up to date'],
  [
    'a header, in effect',
    ({ write }) => write('src/level.h', '#define LEVEL 2\n'),
    [],
    `wrote ${OBJECT}, ${MODULE}`,
  ],
  [
    'the source',
    ({ write }) => write('src/agent.bpf.c', `${SOURCE}int more;\n`),
    [],
    `wrote ${OBJECT}, ${MODULE}`,
  ],
  ['the flags', () => {}, ['--cflags', '-DMORE -DLEVEL_2'], 'up to date'],
  ['the flags, in effect', () => {}, ['--cflags=-include src/more.h'], `wrote ${OBJECT}, ${MODULE}`],
  ['how the module checks', () => {}, ['--check', 'size'], `wrote ${MODULE}`],
  ['the kind of module', () => {}, ['--kind', 'subskeleton'], 'wrote out/agent.subskel.ts'],
])('built again after a change of %s', async (_, change, args, expected) => {
  await withProject(async (project) => {
    project.write('src/more.h', 'int from_more = 3;\n');
    await project.build(...BASIC);
    change(project);
    expect(await project.build(...BASIC, ...args)).toMatchObject({
      status: 0,
      stderr: `libbpf-subskel build: agent: ${expected}\n`,
    });
    // And then everything is as it should be.
    expect((await project.build(...BASIC, ...args)).stderr).toMatch(/up to date/);
  });
});

test('after an upgrade of the compiler everything is compiled again', async () => {
  await withFolder(async (folder) => {
    const log = path.join(folder, 'log');
    const compiler = path.join(folder, 'cc');
    const install = (version: string): void => {
      writeFileSync(compiler, `#!/bin/sh\necho ${version} >> ${log}\nexec clang "$@"\n`, { mode: 0o755 });
      utimesSync(compiler, Number(version), Number(version));
    };
    writeFileSync(path.join(folder, 'a.bpf.c'), 'int a = 1;\n');
    for (const version of ['14', '14', '15']) {
      install(version);
      expect(await cli(['build', 'a.bpf.c', '-o', 'out', '--clang', compiler], folder)).toMatchObject({
        status: 0,
      });
    }
    expect(readFileSync(log, 'utf8')).toBe('14\n15\n');
  });
});

test('a header that is touched, but the same: no output is', async () => {
  await withProject(async ({ build, write, time }) => {
    await build(...BASIC);
    const before = [OBJECT, MODULE, 'out/agent.d'].map(time);
    write('src/level.h', '#define LEVEL 1\n');
    expect((await build(...BASIC)).stderr).toMatch(/up to date/);
    expect([OBJECT, MODULE, 'out/agent.d'].map(time)).toEqual(before);
  });
});

test("clang's diagnostics come as they are, and nothing is written", async () => {
  await withProject(async ({ build, write, read }) => {
    await build(...BASIC);
    const before = read(MODULE);
    write('src/agent.bpf.c', 'int x = ;\n#warning "mind this"\n');
    const { status, stderr } = await build(...BASIC);
    expect(status).toBe(1);
    expect(stderr).toMatch(/agent\.bpf\.c:1:9: error: expected expression\nint x = ;\n {8}\^\n/);
    expect(stderr).toMatch(/agent\.bpf\.c:2:2: warning: "mind this"/);
    expect(stderr).toMatch(/^libbpf-subskel: src\/agent\.bpf\.c: clang failed \(exit status 1\)$/m);
    expect(read(MODULE)).toBe(before);
  });
});

test('every source that fails is told', async () => {
  await withProject(async ({ build, write }) => {
    write('src/a.bpf.c', 'int a = ;');
    write('src/b.bpf.c', 'int b = ;');
    const { status, stderr } = await build(
      'src/a.bpf.c',
      'src/b.bpf.c',
      'src/gone.bpf.c',
      '-o',
      'out',
      '-n',
      'all',
    );
    expect(status).toBe(1);
    for (const file of ['a', 'b', 'gone'])
      expect(stderr).toContain(`libbpf-subskel: src/${file}.bpf.c: clang failed`);
  });
});

test.each<[string, string[], RegExp]>([
  [
    'no clang',
    ['--clang', '/nonexistent/clang'],
    /cannot run \/nonexistent\/clang \(ENOENT\): install clang/,
  ],
  ['no BTF', ['--cflags', '-g0'], /has no BTF/],
  ['a type that is not there', ['-t', 'nope'], /no type 'nope'/],
])('%s', async (_, args, message) => {
  await withProject(async ({ build }) => {
    const { status, stderr } = await build(...BASIC, ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });
});

test('the options of the module', async () => {
  await withProject(async ({ build, read }) => {
    const args = [
      '--name',
      'my_agent',
      '--lang',
      'js',
      '--module',
      'esm',
      '--object',
      './my_agent.bpf.o',
      '--quiet',
    ];
    expect(await build(...BASIC, ...args, '--depfile', 'deps.d')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(read('out/my_agent.skel.js')).toMatch(/file: "\.\/my_agent\.bpf\.o", from: import\.meta\.url/);
    expect(read('out/my_agent.skel.d.ts')).toMatch(/export interface MyAgent extends Skeleton/);
    expect(read('deps.d')).toMatch(
      /^out\/my_agent\.bpf\.o out\/my_agent\.skel\.js out\/my_agent\.skel\.d\.ts:/,
    );
  });
});

test('for this machine, and for others', async () => {
  await withProject(async ({ build, write, read }) => {
    write(
      'src/agent.bpf.c',
      '#ifdef __TARGET_ARCH_arm64\nint arm;\n#elif defined(__TARGET_ARCH_s390)\nint s390;\n#else\nint here;\n#endif\n',
    );
    const variable = async (...args: string[]): Promise<string> => {
      expect(await build(...BASIC, ...args)).toMatchObject({ status: 0 });
      return /readonly (arm|s390|here): /.exec(read(MODULE))?.[1] ?? '';
    };
    expect(await variable()).toBe(hostArch() === 'arm64' ? 'arm' : 'here');
    expect(await variable('--arch', 'arm64')).toBe('arm');
    expect(await variable('--arch', 's390')).toBe('s390');
    expect(read(MODULE)).toMatch(/byteOrder: "big"/);
  });
});

test('watching: built again at every change, until it is ended', async () => {
  await withFolder(async (folder) => {
    writeFileSync(path.join(folder, 'a.bpf.c'), '#include "a.h"\nint a = A;\n');
    writeFileSync(path.join(folder, 'a.h'), '#define A 1\n');
    const end = new AbortController();
    let told = '';
    let wake = (): void => {};
    const said = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(told)) await new Promise<void>((resolve) => (wake = resolve));
      told = '';
    };
    const watching = cli(['build', 'a.bpf.c', '-o', 'out', '--watch'], folder, {
      signal: end.signal,
      err: (text) => {
        told += text.toString();
        wake();
      },
    });
    await said(/wrote .*a\.skel\.ts/);
    writeFileSync(path.join(folder, 'a.h'), '#define A 22\n');
    await said(/wrote .*a\.skel\.ts/);
    writeFileSync(path.join(folder, 'a.bpf.c'), 'int a = ;\n');
    await said(/error: expected expression[^]*clang failed/);
    writeFileSync(path.join(folder, 'a.bpf.c'), 'int b = 3;\n');
    await said(/wrote .*a\.skel\.ts/);
    expect(readFileSync(path.join(folder, 'out/a.skel.ts'), 'utf8')).toMatch(/readonly b: Int32Variable/);
    end.abort();
    expect(await watching).toMatchObject({ status: 0 });
    expect(existsSync(path.join(folder, 'out/a.bpf.o'))).toBe(true);
  });
}, 30_000);

test.each([
  ['-Wall -O3', ['-Wall', '-O3']],
  ['  -I  "a b"  ', ['-I', 'a b']],
  ['-DX=\'"q"\' -DY=a\\ b', ['-DX="q"', '-DY=a b']],
  ['-D"Z=\\"s\\""', ['-DZ="s"']],
  ['', []],
])('%j are the words %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('depfiles keep spaces, dollars and hashes', () => {
  const files = ['/a b/c.h', '/d$e.h', '/f#g.h', 'plain.h'];
  const text = formatDepfile(['out file.ts', 'x.o'], files);
  expect(text).toBe(
    'out\\ file.ts x.o: \\\n  /a\\ b/c.h \\\n  /d$$e.h \\\n  /f\\#g.h \\\n  plain.h\n\n/a\\ b/c.h:\n\n/d$$e.h:\n\n/f\\#g.h:\n\nplain.h:\n',
  );
  expect(parseDepfile(text)).toEqual(files);
});
