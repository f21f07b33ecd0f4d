/** Which binary is chosen, and by what. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { glibcVersion, libc } from '../../../lib/native/load/libc';
import { forLibc, packageRoot } from '../../../lib/native/load/load';
import { ROOT } from '../../support/compile';
import { withFolder } from '../../support/run-cli';

describe('the C library', () => {
  const line = (file: string): string => `7f2c8a1e5000-7f2c8a20b000 r--p 00000000 fe:00 1311  ${file}\n`;

  test.each([
    ['glibc', 'Debian', '/usr/lib/x86_64-linux-gnu/libc.so.6'],
    ['glibc', 'before 2.34', '/lib/x86_64-linux-gnu/libc-2.31.so'],
    ['musl', 'Alpine', '/lib/ld-musl-x86_64.so.1'],
    ['musl', 'Void, Debian: the loader is a link', '/usr/lib/x86_64-linux-musl/libc.so'],
    ['musl', 'Alpine with glibc beside it, not in this process', '/lib/libc.musl-x86_64.so.1'],
  ])('%s: %s', (expected, _, file) => {
    expect(libc(line('/usr/bin/node') + line(file) + line('/usr/lib/libstdc++.so.6'))).toBe(expected);
  });

  test('without /proc, what most have', () => {
    expect(libc('')).toBe('glibc');
  });

  test('this process', () => {
    expect(libc()).toBe('glibc');
    expect(glibcVersion()).toMatch(/^2\.\d+$/);
  });
});

test("node-gyp-build's guess is mended, where there is a better file", () => {
  withFolder((folder) => {
    const file = (name: string): string => path.join(folder, name);
    for (const name of ['both.glibc.node', 'both.musl.node', 'one.glibc.node', 'plain.node']) {
      writeFileSync(file(name), '');
    }
    expect(forLibc(file('both.glibc.node'), 'musl')).toBe(file('both.musl.node'));
    expect(forLibc(file('both.glibc.node'), 'glibc')).toBe(file('both.glibc.node'));
    expect(forLibc(file('one.glibc.node'), 'musl')).toBe(file('one.glibc.node'));
    expect(forLibc(file('plain.node'), 'musl')).toBe(file('plain.node'));
  });
});

describe("the package's folder", () => {
  test('a checkout', () => {
    expect(packageRoot(path.join(ROOT, 'lib/native/load'))).toBe(ROOT);
  });

  test('a bundle with prebuilds beside it', () => {
    withFolder((folder) => {
      mkdirSync(path.join(folder, 'out/prebuilds'), { recursive: true });
      expect(packageRoot(path.join(folder, 'out'))).toBe(path.join(folder, 'out'));
    });
  });

  /** In a process of its own: jest resolves modules in its own way. */
  const rootOf = (folder: string): string => {
    const load = JSON.stringify(path.join(ROOT, 'dist/native/load/load.js'));
    const script = `console.log(require(${load}).packageRoot(process.argv[1]))`;
    return execFileSync(process.execPath, ['-e', script, folder], { encoding: 'utf8' }).trim();
  };

  test('a bundle in a project that has the package', () => {
    withFolder((folder) => {
      const installed = path.join(folder, 'node_modules/libbpf-subskel');
      mkdirSync(installed, { recursive: true });
      copyFileSync(path.join(ROOT, 'package.json'), path.join(installed, 'package.json'));
      expect(rootOf(path.join(folder, 'out'))).toBe(installed);
    });
  });

  test('nothing of it anywhere', () => {
    withFolder((folder) => expect(rootOf(folder)).toBe(folder));
  });
});
