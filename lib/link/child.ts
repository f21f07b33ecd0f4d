/**
 * The process in which libbpf links: `node child.js OUTPUT INPUT…`. The linker runs on files that nobody vouches for,
 * and a crash of it must not be one of its caller. A failure is told on standard output, as JSON.
 */
import { AddonError, BpfError } from '../errors';
import { loadAddon } from '../native/load';

export interface ChildFailure {
  readonly kind: 'addon' | 'bpf' | 'other';
  readonly message: string;
  readonly log: string;
}

function failure(error: unknown): ChildFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AddonError) return { kind: 'addon', message, log: '' };
  return error instanceof BpfError
    ? { kind: 'bpf', message, log: error.log }
    : { kind: 'other', message, log: '' };
}

const [output = '', ...inputs] = process.argv.slice(2);
try {
  loadAddon().link(output, inputs);
} catch (error) {
  process.stdout.write(JSON.stringify(failure(error)));
  process.exitCode = 1;
}
