/** Classes over native handles: an object of the user's own in the place of one would be called with real handles. */
import { ArgumentError, BpfLink, BpfMap, BpfProgram, Sampling, SocketAttachment } from '../../../lib';

const CLASSES: readonly (new (...given: never[]) => unknown)[] = [
  BpfLink,
  BpfMap,
  BpfProgram,
  Sampling,
  SocketAttachment,
];

test.each(CLASSES.map((made) => [made.name, made] as const))('%s', (name, made) => {
  const touched: PropertyKey[] = [];
  const spy = new Proxy({}, { get: (_, key) => void touched.push(key) });
  const make = made as unknown as new (...given: unknown[]) => unknown;
  expect(() => new make(spy, spy, spy)).toThrow(ArgumentError);
  expect(() => new make(spy, spy, spy)).toThrow(`a ${name} is not made with new`);
  expect(touched).toEqual([]);
});
