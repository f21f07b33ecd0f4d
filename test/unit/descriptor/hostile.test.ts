/** BTF that no compiler writes, made to cost time or memory out of all proportion to its size. */
import { readFileSync } from 'node:fs';
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import { BtfBuilder } from '../../support/btf-builder';
import type { MemberSpec } from '../../support/btf-builder';
import { compileBpfSource } from '../../support/compile';
import { withSection } from '../../support/elf-patch';

const MANY = 20_000;
const members = (types: readonly number[], name = 'm'): MemberSpec[] =>
  types.map((type) => ({ name, type, at: 0 }));
const repeated = (type: number): MemberSpec[] => members(new Array<number>(MANY).fill(type));

/** Each makes the type of `value`. */
const CASES: readonly (readonly [string, (build: BtfBuilder, int: number) => number, RegExp | undefined])[] =
  [
    [
      'a long anonymous struct in each of many members',
      (build, int) =>
        build.struct('s', 4, repeated(build.struct('', 4, members(new Array<number>(90).fill(int))))),
      /more than 100000 members/,
    ],
    [
      'anonymous unions of anonymous unions',
      (build, int) => {
        const inner = build.struct('', 4, members(new Array<number>(999).fill(int)), 'union');
        return build.struct('', 4, members(new Array<number>(999).fill(inner)), 'union');
      },
      /more than 100000 members/,
    ],
    [
      'many different structs of one name',
      (build, int) => {
        const structs = Array.from({ length: MANY }, (_, n) =>
          build.struct('foo', 4, [{ name: `m${String(n)}`, type: int, at: 0 }]),
        );
        return build.struct('all', 4, members(structs), 'union');
      },
      undefined,
    ],
    [
      'a long declaration for each of many members',
      (build, int) => build.struct('s', 4, repeated(build.reference('typedef', int, 'x'.repeat(4000)))),
      /the types take more than \d+ characters/,
    ],
    [
      'many names in one long name',
      (build, int) => {
        const start = build.name('y'.repeat(4000));
        const id = build.struct('s', 4, []);
        for (let n = 0; n < 4000; n++) build.addNamed('decl_tag', start + n, id, n);
        return build.reference('const', int);
      },
      /the names overlap so much/,
    ],
    [
      'many tags and many members',
      (build, int) => {
        const id = build.struct('s', 4, repeated(int));
        for (let n = 0; n < MANY; n++) build.add('decl_tag', 't', 0, false, id, 0xffffffff);
        return id;
      },
      undefined,
    ],
    [
      'many typedefs in a row',
      (build, int) => {
        let last = int;
        for (let n = 0; n < MANY; n++) last = build.reference('typedef', last, 't');
        return last;
      },
      /endless chain/,
    ],
  ];

test.each(CASES)(
  '%s',
  (_name, make, message) => {
    const object = readFileSync(compileBpfSource('int value = 7;', 'value'));
    const build = new BtfBuilder();
    const variable = build.variable('value', make(build, build.int('int', 4, { signed: true })));
    build.add('datasec', '.data', 1, false, 0, variable, 0, 4);
    const bytes = withSection(object, '.BTF', build.build());
    const start = performance.now();
    const run = (): unknown => describeObject(bytes);
    if (message === undefined) expect(run).not.toThrow();
    else expect(run).toThrow(message);
    // Half a second at most where nothing else runs; what is quadratic takes minutes.
    expect(performance.now() - start).toBeLessThan(10_000);
  },
  60_000,
);
