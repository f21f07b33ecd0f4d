/** What a round must not leave: descriptors, mappings, promises that never settle. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { World } from './world';

/** Node's own come and go: its threads' pipes and event descriptors when a worker first starts. */
const OURS = /bpf|perf_event|pidfd|\[btf\]|iter/;

function descriptors(): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    })
    .filter((target) => OURS.test(target) && target.startsWith('anon_inode:'));
}

const mappings = (): string[] =>
  readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => /anon_inode:(bpf|\[perf)/.test(line));

const turn = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Closes all, and again: twice is fine. */
export function closeAll(world: World): void {
  for (let i = 0; i < 2; i++) {
    for (const thing of world.all()) {
      for (const name of ['close', 'destroy', 'return']) {
        const end = (thing as Record<string, unknown>)[name];
        // Programs and maps of objects are their objects' to close.
        if (typeof end === 'function')
          attempt(world, `${name}() at the end`, () => end.call(thing) as unknown);
      }
    }
  }
}

function attempt(world: World, place: string, work: () => unknown): void {
  try {
    const answer = work();
    if (answer instanceof Promise) world.background(answer);
  } catch (error) {
    world.object(place, world.judge.lenient(error), error);
  }
}

export async function findLeftovers(world: World): Promise<void> {
  closeAll(world);
  for (let i = 0; i < 100 && world.pending.size > 0; i++) await turn(i < 20 ? 1 : 30);
  if (world.pending.size > 0) world.findings.push(`${world.pending.size} promises never settle`);
  world.forget();
  for (let i = 0; i < 60 && descriptors().length + mappings().length > 0; i++) {
    gc?.();
    await turn(i < 20 ? 1 : 30);
  }
  const left = [...descriptors(), ...mappings()];
  if (left.length > 0) world.findings.push(`left open: ${left.join(', ')}`);
}
