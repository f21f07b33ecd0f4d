import { BpfError } from '../../errors';
import type { BpfLink } from '../link/bpf-link';
import type { BpfProgram } from '../program/bpf-program';

/**
 * As bpf_object__attach_skeleton: programs whose section says nothing to attach by are left for the caller. libbpf
 * answers EOPNOTSUPP for those without a word; a kernel that refuses makes it print why.
 */
export function attachIfPossible(program: BpfProgram): BpfLink | undefined {
  try {
    return program.attach();
  } catch (error) {
    if (error instanceof BpfError && error.code === 'EOPNOTSUPP' && error.log === '') return undefined;
    throw error;
  }
}
