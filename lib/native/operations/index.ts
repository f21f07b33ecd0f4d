import { KERNEL } from './kernel';
import { MAPS } from './maps';
import { OBJECTS } from './objects';
import type { Operation } from './operation';
import { PROGRAMS } from './programs';

/** By the name of the libbpf function. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...OBJECTS,
  ...MAPS,
  ...PROGRAMS,
  ...KERNEL,
};
