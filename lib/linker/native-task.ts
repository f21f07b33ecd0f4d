/**
 * The process in which libbpf works on files that nobody vouches for: `node native-task.js TASK FILE…`. A crash there
 * is not one of its caller. A failure is told on standard output, as JSON.
 */
import { AddonError, BpfError } from '../errors';
import { loadAddon } from '../native/load/load';

export interface TaskFailure {
  readonly kind: 'addon' | 'bpf' | 'other';
  readonly message: string;
  readonly log: string;
}

const TASKS: Readonly<Record<string, (output: string, inputs: readonly string[]) => void>> = {
  /** bpf_linker */
  link: (output, inputs) => {
    loadAddon().link(output, inputs);
  },
};

function failure(error: unknown): TaskFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AddonError) return { kind: 'addon', message, log: '' };
  return error instanceof BpfError
    ? { kind: 'bpf', message, log: error.log }
    : { kind: 'other', message, log: '' };
}

const [task = '', output = '', ...inputs] = process.argv.slice(2);
try {
  TASKS[task]?.(output, inputs);
} catch (error) {
  process.stdout.write(JSON.stringify(failure(error)));
  process.exitCode = 1;
}
