/**
 * Constructors that are not for users take this first. A script that made, say, a BpfLink of an object of its own would have
 * that object called with real handles.
 */
import { ArgumentError } from '../errors';

export const OURS: unique symbol = Symbol('made by this package');

/** `instead`: what makes one. @throws ArgumentError for everybody else */
export function checkOurs(key: unknown, what: string, instead: string): void {
  if (key !== OURS) throw new ArgumentError(`a ${what} is not made with new: ${instead}`);
}
