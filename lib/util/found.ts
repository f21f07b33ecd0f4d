/** A member that is asked for by its name, and has to be there. */
import { NotFoundError } from '../errors';
import { checkString } from './check';
import { alternatives } from './suggest';

/** @param whole for messages: "object 'agent'" @throws NotFoundError with what was perhaps meant */
export function found<T>(what: string, name: string, members: ReadonlyMap<string, T>, whole: string): T {
  const member = members.get(name);
  if (member !== undefined) return member;
  checkString(name, `${what} name`);
  throw new NotFoundError(`${whole} has no ${what} '${name}'${alternatives(name, [...members.keys()])}`);
}
