/** Runs a script in a Node.js process of its own, with the built package as `libbpf-subskel`. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './compile';

export interface ChildResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
  readonly signal: string | null;
}

/** The script sees `subskel` (the package) and `args`. */
export function runChild(
  script: string,
  args: Readonly<Record<string, unknown>> = {},
  nodeFlags: readonly string[] = [],
): ChildResult {
  const text = `'use strict';
const subskel = require(${JSON.stringify(path.join(ROOT, 'dist/index.js'))});
const args = ${JSON.stringify(args)};
${script}`;
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [...nodeFlags, '-e', text], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { stdout, stderr, status, signal };
}
