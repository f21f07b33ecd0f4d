/** The command line in this process: what it prints, and its exit status. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Io } from '../../lib/cli/command/command';
import { runCli } from '../../lib/cli/run';

export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of the test's own, removed behind it. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'subskel-test-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let result: T;
  try {
    result = use(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

export async function cli(
  args: readonly string[],
  cwd: string = process.cwd(),
  more: Partial<Io> = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    out: (text) => {
      stdout += text.toString();
      return Promise.resolve();
    },
    err: (text) => {
      stderr += text.toString();
    },
    cwd,
    env: process.env,
    ...more,
  };
  const status = await runCli(args, io);
  return { status, stdout, stderr };
}
