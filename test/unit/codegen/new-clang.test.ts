/** Modules of what only newer compilers write: enum64 and arenas. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from '../../../lib/codegen/generate';
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import { compileBpfSource, newClang, ROOT } from '../../support/compile';
import { prettify } from '../../support/prettier';
import { typeErrors } from '../../support/type-check';

const SOURCE = readFileSync(path.join(ROOT, 'test/bpf/corpus/clang19/enum64_arena.bpf.c'), 'utf8');

const USES = `
import { BpfObject } from 'libbpf-subskel';
import { Kinds, big, minus } from './kinds.subskel';
const kinds = Kinds.open(BpfObject.open('x.o'));
const huge: 0x123456789abcdefn = big.HUGE;
kinds.data.big.value = big.SMALL;
kinds.bss.minus.value = minus.NEGATIVE;
const sum: bigint = kinds.bss.holder.value.b + (kinds.bss.bigs.value[1] ?? 0n);
const count: number = kinds.arena.in_arena.atomic.add(1);
const next: bigint | undefined = kinds.arena.nodes.value.at(0)?.next;
export { huge, sum, count, next };
`;

test('enum64 constants are bigints, arena variables are variables', async () => {
  const object = compileBpfSource(SOURCE, 'enum64_arena', [], newClang());
  const [module] = generate(describeObject(object, { name: 'kinds' }), { kind: 'subskeleton' });
  const text = module?.text ?? '';
  expect(await prettify(text)).toBe(text);
  expect(
    typeErrors(
      new Map([
        ['uses.ts', USES],
        ['kinds.subskel.ts', text],
      ]),
    ),
  ).toEqual([]);
});
