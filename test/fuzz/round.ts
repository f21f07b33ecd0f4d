/** One round, in a process or thread of its own. What it does stands on standard output before it is done. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type * as Subskel from '../../lib';
import type { NativeAddon } from '../../lib/native/surface/addon';
import { openDoor, useThing } from './act';
import { check } from './checks';
import { findLeftovers } from './leftovers';
import type { Plan } from './plan';
import { produce } from './produce';
import { Random } from './random';
import { startWorker } from './workers';
import { World, type Surroundings } from './world';

const STEPS = { door: 14, thing: 60, check: 0.6, produce: 5, turn: 4, collect: 0.5, worker: 0.15 } as const;

const turn = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function surroundings(plan: Plan): Pick<Surroundings, 'subskel' | 'addon' | 'attachKinds'> {
  const load = createRequire(plan.package);
  const subskel = load(plan.package) as typeof Subskel;
  const { loadAddon } = load(path.join(path.dirname(plan.package), 'native/load/load.js')) as {
    loadAddon(): NativeAddon;
  };
  const { ATTACH_KINDS } = load(path.join(path.dirname(plan.package), 'runtime/attach/attach-kinds.js')) as {
    ATTACH_KINDS: Surroundings['attachKinds'];
  };
  return { subskel, addon: loadAddon(), attachKinds: ATTACH_KINDS };
}

async function step(world: World, plan: Plan, number: number): Promise<string> {
  const random = new Random(plan.seed, number);
  world.begin(random);
  switch (random.weighted(STEPS)) {
    case 'door':
      return openDoor(world, random);
    case 'check':
      return check(world, random);
    case 'produce':
      return produce(world, random);
    case 'turn':
      await turn(random.below(3));
      return 'turn';
    case 'collect':
      gc?.();
      return 'collect';
    case 'worker':
      return isMainThread ? startWorker(world, random, plan) : 'no worker';
    default:
      return useThing(world, random);
  }
}

/** Inside of a call: something is used or closed, garbage is collected, or the process ends. */
function meddle(plan: Plan): (world: World, random: Random) => void {
  return (world, random) => {
    if (plan.end === 'exit in a callback' && random.chance(0.05)) process.exit(0);
    if (random.chance(0.1)) gc?.();
    useThing(world, random);
  };
}

/** A BPF file system, and an interface, that are gone with the namespaces of the process. */
function settle(plan: Plan): void {
  mkdirSync(path.join(plan.folder, 'bpf'), { recursive: true });
  process.chdir(plan.folder);
  execFileSync('mount', ['-t', 'bpf', 'bpf', path.join(plan.folder, 'bpf')]);
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
}

async function round(plan: Plan): Promise<World> {
  const world = new World(
    { ...surroundings(plan), files: plan.files, folder: plan.folder },
    new Random(plan.seed),
  );
  world.meddler = meddle(plan);
  const surprise = (place: string) => (error: unknown) => {
    world.object(place, world.judge.lenient(error), error);
  };
  if (isMainThread) {
    process.on('uncaughtException', surprise('uncaught'));
    process.on('unhandledRejection', surprise('unhandled'));
  }
  const steps = plan.keep ?? Array.from({ length: plan.steps }, (_, i) => i);
  for (const number of steps) {
    if (isMainThread) writeSync(1, `${number} `);
    const what = await step(world, plan, number);
    if (isMainThread) writeSync(1, `${what}\n`);
  }
  return world;
}

async function main(): Promise<void> {
  if (!isMainThread) {
    const world = await round(workerData as Plan);
    parentPort?.postMessage(world.findings);
    return;
  }
  const plan = JSON.parse(process.argv[2] ?? '') as Plan;
  settle(plan);
  const world = await round(plan);
  if (plan.end === 'close') await findLeftovers(world);
  const { findings, calls, thrown } = world;
  writeSync(1, `RESULT ${JSON.stringify({ findings, calls, thrown })}\n`);
  if (plan.end !== 'close') process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
