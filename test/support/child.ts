/** Runs a script in a Node.js process of its own, with the built package as `libbpf-subskel`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { ROOT } from './compile';

export interface ChildResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
  readonly signal: string | null;
}

/** A wrapper for scripts that mount: in a mount namespace of their own. */
export const PRIVATE_MOUNTS = ['unshare', '--mount', '--propagation', 'private'];

/**
 * The text of `scripts/<name>.ts` beside a test, for runChild() and for workers: without its types, so that Node.js needs
 * nothing to run it. It can import what Node.js has, and types of anything.
 */
export function scriptText(folder: string, name: string): string {
  const text = readFileSync(path.join(folder, 'scripts', `${name}.ts`), 'utf8');
  return transformSync(text, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  }).code;
}

/** The script sees `subskel` (the package) and `args`. `wrapper` is the command that starts Node.js, if any. */
export function runChild(
  script: string,
  args: Readonly<Record<string, unknown>> = {},
  nodeFlags: readonly string[] = [],
  wrapper: readonly string[] = [],
  timeout = 60_000,
): ChildResult {
  const text = `'use strict';
const subskel = require(${JSON.stringify(path.join(ROOT, 'dist/index.js'))});
const args = ${JSON.stringify(args)};
${script}`;
  const node = [process.execPath, ...nodeFlags, '-e', text];
  const { stdout, stderr, status, signal } = spawnSync('env', [...wrapper, ...node], {
    encoding: 'utf8',
    timeout,
  });
  return { stdout, stderr, status, signal };
}
