import { checkString } from '../../util/check';
import { mapTypeNames, mapTypeNumber } from '../../uapi/map-types';
import { ArgumentError } from '../../errors';
import { alternatives } from '../../util/suggest';

/** The number of the map type that the user names. @throws ArgumentError with what was perhaps meant */
export function mapTypeOf(type: unknown, name: string): number {
  checkString(type, name);
  const number = mapTypeNumber(type);
  if (number !== undefined) return number;
  throw new ArgumentError(`${name}: there is no map type '${type}'${alternatives(type, mapTypeNames())}`);
}
