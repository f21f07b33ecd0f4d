/** Makes the programs of the round's objects do something: records for readers, changes for variables. */
import type * as Subskel from '../../lib';
import { perform } from './act';
import { Give } from './give';
import type { Random } from './random';
import type { World } from './world';

const PROGRAMS = ['produce', 'say', 'tagged', 'perf_output', 'drain', 'add'];

export function produce(world: World, random: Random): string {
  const object = world.some('BpfObject', random) as Subskel.BpfObject | undefined;
  const name = random.pick(PROGRAMS);
  const give = new Give(random, world);
  if (object === undefined) return 'no object';
  perform(world, `run ${name}`, 'strict', () => {
    const context =
      name === 'add' ? new Uint8Array(8) : name === 'perf_output' ? new Uint8Array(96) : give.context;
    return object.program(name).testRun({ context });
  });
  return `run ${name}`;
}
