import { EVENTS } from './events';
import { KERNEL } from './kernel';
import { MAPS } from './maps';
import { OBJECTS } from './objects';
import type { Operation } from './operation';
import { PROGRAMS } from './programs';
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
