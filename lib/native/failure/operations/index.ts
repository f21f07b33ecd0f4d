import { EVENTS } from './events';
import { KERNEL } from './kernel';
import { MAPS } from './maps';
import { OBJECTS } from './objects';
import type { Operation } from './operation';
import { ATTACH, PROGRAMS } from './programs';
import { SYSTEM } from './system';

/** By the name of the function. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...OBJECTS,
  ...MAPS,
  ...PROGRAMS,
  ...KERNEL,
  ...EVENTS,
  ...SYSTEM,
};

/** The row of a function, or that of all of libbpf's ways to attach. */
export const operationOf = (syscall: string): Operation | undefined =>
  Object.hasOwn(OPERATIONS, syscall)
    ? OPERATIONS[syscall]
    : syscall.startsWith('bpf_program__attach_')
      ? ATTACH
      : undefined;
