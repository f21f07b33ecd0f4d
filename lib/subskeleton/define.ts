import type { Descriptor } from '../descriptor/types';
import { openSubskeleton } from './open';
import type { Int64Kind } from '../events/reader/typed-records';
import type { ObjectHolder, Subskeleton, SubskeletonFactory, SubskeletonOptions } from './types';

/**
 * What a generated module calls: binds a library's descriptor to its TypeScript type. Nothing is checked before the
 * first open(), so that importing a generated module costs nothing.
 * @param defaults options that the generator baked in; the caller's win
 */
export function defineSubskeleton<T extends Subskeleton, I extends Int64Kind = 'bigint'>(
  descriptor: Descriptor,
  defaults: SubskeletonOptions = {},
): SubskeletonFactory<T, I> {
  return {
    name: descriptor.name,
    descriptor,
    open: (object: ObjectHolder, options: SubskeletonOptions = {}) =>
      openSubskeleton(object, descriptor, { ...defaults, ...options }) as Subskeleton as T,
  };
}
