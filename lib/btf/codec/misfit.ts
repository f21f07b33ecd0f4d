import { ArgumentError, ValueRangeError } from '../../errors';
import { shown } from '../../util/shown';
import type { Expected } from './text/scalar';

/**
 * A value that cannot be stored. It is thrown deep inside a value and collects the path on its way up; `toError`
 * makes the error that users see.
 */
export class Misfit extends Error {
  path = '';

  constructor(
    readonly kind: 'type' | 'range',
    readonly problem: string,
  ) {
    super(problem);
  }

  toError(subject = ''): ArgumentError | ValueRangeError {
    const place =
      subject === '' ? this.path || 'value' : this.path === '' ? subject : `${subject}, ${this.path}`;
    const message = `${place}: ${this.problem}`;
    return this.kind === 'type' ? new ArgumentError(message) : new ValueRangeError(message);
  }
}

/** Adds a step to the path of a misfit; anything else passes through. */
export function within<T>(error: T, step: string): T {
  if (error instanceof Misfit) error.path = step + error.path;
  return error;
}

/** What is thrown, as the error that the user sees. */
export function asError(error: unknown, subject?: string): unknown {
  return error instanceof Misfit ? error.toError(subject) : error;
}

export function misfit(value: unknown, expected: Expected): Misfit {
  const wanted = expected.jsType === 'bigint' ? ['bigint', 'number'] : [expected.jsType];
  if (!wanted.includes(typeof value)) {
    return new Misfit('type', `expected a ${expected.jsType} for ${expected.spelling}, got ${shown(value)}`);
  }
  return new Misfit('range', `${shown(value)} does not fit ${expected.spelling} (${expected.range})`);
}
