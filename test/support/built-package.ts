/**
 * The package as users have it: JavaScript in dist/, made from lib/ as it is now. For child processes, which have no
 * jest to read TypeScript for them.
 */
import { transformSync } from '@swc/core';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ROOT } from './compile';

const LIB = path.join(ROOT, 'lib');
const OUT = path.join(ROOT, 'test/bpf/out');

/** TypeScript → JavaScript, types dropped. */
export function transpile(text: string, format: 'commonjs' | 'es6' = 'commonjs'): string {
  const { code } = transformSync(text, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    // Node finds the names that an ES module may import from CommonJS by reading, not by running it.
    module: { type: format, exportInteropAnnotation: true },
  });
  return code;
}

function sources(): string[] {
  return readdirSync(LIB, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?ts$/.test(file))
    .sort();
}

function build(folder: string): void {
  for (const file of sources()) {
    const target = path.join(folder, 'dist', file.replace(/ts$/, 'js'));
    const text = readFileSync(path.join(LIB, file), 'utf8');
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, transpile(text, file.endsWith('.mts') ? 'es6' : 'commonjs'));
  }
  copyFileSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  // What the package depends on, and its own name, as a generated module imports it.
  mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  symlinkSync(
    path.join(ROOT, 'node_modules/node-gyp-build'),
    path.join(folder, 'node_modules/node-gyp-build'),
  );
  symlinkSync('..', path.join(folder, 'node_modules/libbpf-subskel'));
  symlinkSync(path.join(ROOT, 'deps'), path.join(folder, 'deps'));
}

let built: string | undefined;

/** The folder of the package. The same sources are built once, whichever test asks first. */
export function builtPackage(): string {
  if (built !== undefined) return built;
  const hash = createHash('sha256');
  for (const file of [
    ...sources().map((source) => path.join(LIB, source)),
    path.join(ROOT, 'package.json'),
  ]) {
    hash.update(file).update(readFileSync(file));
  }
  const folder = path.join(OUT, `package.${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) {
    const temporary = `${folder}.${String(process.pid)}`;
    build(temporary);
    try {
      renameSync(temporary, folder);
    } catch {
      // Another worker was faster.
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  built = folder;
  return folder;
}

export const cliScript = (): string => path.join(builtPackage(), 'dist/cli/main.js');
