import type { Give } from '../give';
import type { Recipes } from './recipe';

const type = (give: Give): unknown =>
  give.pick<unknown>('struct point', 'struct record', '__u64', 'int', 'nothing', give.below(40));

export const BTF: Recipes = {
  'Btf.find': (give: Give) => [type(give)],
  'Btf.type': (give: Give) => [type(give)],
  'Btf.types': (give: Give) => [{ kind: give.perhaps(() => give.pick('struct', 'int', 'func')) }],
  'Btf.decode': (give: Give) => [type(give), give.bytes(give.pick(4, 8, 16, 64))],
  'Btf.encode': (give: Give) => [type(give), give.pick<unknown>(give.number, { x: 1, y: 2, weight: 3n })],
  'Btf.format': (give: Give) => [type(give), give.bytes(give.pick(4, 8, 16, 64))],
  'Btf.definition': (give: Give) => [type(give)],
};
