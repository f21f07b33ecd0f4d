import type { Give } from '../give';
import { aborted, type Recipe, type Recipes } from './recipe';

const waiting = (give: Give): object => ({
  interval: give.pick(0, 1, 5),
  signal: give.perhaps(() => give.signal, 0.7),
});
const any = (give: Give): unknown =>
  give.pick<unknown>(give.number, give.bigint, [give.number], { x: give.number }, 'text', give.flag);
const one: Recipe<never> = (give) => [any(give)];

export const MEMORY: Recipes = {
  'BpfObject.map': (give: Give) => [give.pick('points', 'counters', 'ring', 'scratch', 'walked', 'nothing')],
  'BpfObject.program': (give: Give) => [give.pick('add', 'on_enter', 'produce', 'iter_map', 'nothing')],
  'BpfObject.section': (give: Give) => [give.pick('.bss', '.data', '.rodata', '.nothing')],
  'BpfObject.variable': (give: Give) => [give.pick('total', 'limit', 'nothing')],
  'BpfObject.prefer': (give: Give) => [
    give.pick<unknown>([['on_enter'], ['produce', 'add']], [['nothing']], [['iter_map']], []),
  ],
  'BpfObject.attachStructOps': (give: Give) => [give.map],
  'Section.resize': (give: Give) => [give.pick(8, 16, 64, give.number)],
  'Variable.value': one,
  'Variable.number': one,
  'Variable.string': (give: Give) => [
    give.pick('', 'text', 'much longer than any array of characters is here'),
  ],
  'Variable.write': one,
  'Variable.waitUntil': (give: Give) => [give.callback, waiting(give)],
  'Variable.changes': (give: Give) => [{ ...waiting(give), ...aborted(give) }],
  'view.write': one,
  'view.set': (give: Give) => [give.number, any(give)],
  'view.at': (give: Give) => [give.number],
};
