/** Runs a task of native-task.ts in a process of its own, and makes an error of whatever happens to it. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { AddonError, LinkError } from '../errors';
import type { TaskFailure } from './native-task';

const SCRIPT = path.join(__dirname, 'native-task.js');

function failureOf(operation: string, signal: string | undefined, stdout: string): Error {
  if (signal !== undefined) {
    return new LinkError(
      `${operation}: libbpf crashed (${signal}) on these files: please report this with the files`,
    );
  }
  try {
    const { kind, message, log } = JSON.parse(stdout) as TaskFailure;
    if (kind === 'addon') return new AddonError(message);
    // libbpf says the reason in a warning, while the call only answers EINVAL.
    const reasons = log.split('\n').filter((line) => !message.includes(line.replace(/^libbpf: /, '').trim()));
    return new LinkError([`${operation}: ${message}`, ...reasons].join('\n'), log);
  } catch {
    return new LinkError(`${operation}: the process that calls libbpf ended without saying why`);
  }
}

/** @throws LinkError, or AddonError where the native addon cannot be loaded */
export function runNative(task: 'link', args: readonly string[], operation: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Options for this process (an inspector's port, a loader) are not meant for that one.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
    execFile(process.execPath, [SCRIPT, task, ...args], { env, maxBuffer: 64 << 20 }, (error, stdout) => {
      if (error === null) resolve();
      else reject(failureOf(operation, error.signal ?? undefined, stdout));
    });
  });
}
