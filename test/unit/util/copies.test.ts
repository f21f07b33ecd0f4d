/** Objects that another copy of the package made. */
import path from 'node:path';
import { ArgumentError } from '../../../lib';
import { refuse } from '../../../lib/util/check';
import { markCopy, ofAnotherCopy } from '../../../lib/util/copies';

const ROOT = path.resolve(__dirname, '../../..');

class Marked {
  readonly name = 'marked';
}
markCopy(Marked);

test('both folders, and versions where they are known', () => {
  const said = ofAnotherCopy(new Marked(), '/app/node_modules/libbpf-subskel');
  expect(said).toMatch(
    /^is of another copy of libbpf-subskel: .* \(\d+\.\d+\.\d+.*\), and this is \/app\/node_modules\/libbpf-subskel; .*npm dedupe.*peerDependencies/,
  );
  expect(said).toContain(ROOT);
});

test('what refuses an argument says so', () => {
  const mark = { value: '/lib/node_modules/libbpf-subskel' };
  const foreign: unknown = Object.create({}, { [Symbol.for('libbpf-subskel.copy')]: mark });
  expect(() => refuse('object', 'a BpfObject', foreign)).toThrow(ArgumentError);
  expect(() => refuse('object', 'a BpfObject', foreign)).toThrow(
    /^object is of another copy of libbpf-subskel: \/lib\/node_modules\/libbpf-subskel, and this is /,
  );
});

test('of this copy, of none, and with traps that are not called', () => {
  const trap = new Proxy(
    {},
    {
      getPrototypeOf: () => {
        throw new Error('called');
      },
    },
  );
  for (const value of [new Marked(), {}, null, 5, 'x', Object.create(null), trap, Object.create(trap)]) {
    expect(ofAnotherCopy(value)).toBeUndefined();
  }
});
