/** One call: of whatever, with arguments that are mostly meant well. Its error is judged, what it gives is kept. */
import { Give } from './give';
import { hostileFor } from './hostile';
import { kindOf } from './kinds';
import { isEnd, membersOf, type Member } from './members';
import { memoryCall, type Memory } from './memory';
import type { Random } from './random';
import { BTF, TYPE_CLASSES } from './recipes/btf';
import { DOORS } from './recipes/doors';
import { MAPS } from './recipes/maps';
import { MEMORY } from './recipes/memory';
import { NATIVE } from './recipes/native';
import { PROGRAMS } from './recipes/programs';
import { READERS } from './recipes/readers';
import { LEFT_OUT, NOT_KEPT, type Recipe } from './recipes/recipe';
import type { World } from './world';

const RECIPES = { ...MAPS, ...PROGRAMS, ...MEMORY, ...READERS, ...BTF, ...NATIVE } as Readonly<
  Record<string, Recipe | undefined>
>;
const DOOR_WEIGHTS = Object.fromEntries(Object.entries(DOORS).map(([name, [weight]]) => [name, weight]));

/** JavaScript's own arrays have their own errors. */
function useMemory(world: World, random: Random, memory: Memory): string {
  const [name, call] = memoryCall(memory, random);
  perform(world, name, 'lenient', call);
  return name;
}

type Judgement = 'strict' | 'lenient';

/** Makes something new. */
export function openDoor(world: World, random: Random): string {
  const name = random.weighted(DOOR_WEIGHTS);
  const give = new Give(random, world);
  perform(world, name, 'strict', () => {
    const [call, given] = (DOORS[name] as (typeof DOORS)[string])[1](give);
    return (call as (...all: unknown[]) => unknown)(...spice(name, given, random, world));
  });
  return name;
}

/** Uses something that is there. */
export function useThing(world: World, random: Random): string {
  const thing = world.anything(random);
  return thing === undefined ? openDoor(world, random) : use(world, random, thing);
}

export function use(world: World, random: Random, thing: object): string {
  const kind = kindOf(thing, world.subskel) ?? '';
  if (kind === 'array' || kind === 'buffer') return useMemory(world, random, thing as Memory);
  const members = membersOf(thing);
  let member: Member | undefined;
  for (let tries = 0; tries < 3 && member === undefined; tries++) {
    member = random.perhaps(members);
    if (member !== undefined && isEnd(member) && random.chance(0.7)) member = undefined;
  }
  if (member === undefined) return `${kind}: nothing`;
  const name = `${kind}.${String(member.key)}`;
  if (LEFT_OUT.has(name)) return `${name}: left out`;
  const elsewhere = random.chance(0.02) ? (world.anything(random) ?? thing) : thing;
  const judgement = elsewhere === thing && isStrict(kind, member) ? 'strict' : 'lenient';
  perform(world, name, judgement, () => invoke(world, random, name, member, thing, elsewhere));
  return elsewhere === thing ? name : `${name} of something else`;
}

/** What is documented for users keeps what docs/errors.md says of errors. */
const isStrict = (kind: string, { key }: Member): boolean =>
  (STRICT.has(kind) || kind.startsWith('Native')) &&
  typeof key === 'string' &&
  !INTERNAL.has(`${kind}.${key}`);

const STRICT = new Set([
  'BpfObject',
  'BpfMap',
  'BpfProgram',
  'BpfLink',
  'BpfIterator',
  'Section',
  'SharedSection',
  'LoadedObject',
  'LoadedSection',
  'StructOps',
  'Variable',
  'RingBuffer',
  'PerfBuffer',
  'UserRingBuffer',
  'UserSample',
  'RecordBatch',
  'Btf',
  ...TYPE_CLASSES,
  'PerfEvent',
  'Sampling',
  'Pidfd',
  'RunStatistics',
  'TcHook',
  'TcFilter',
  'XdpAttachment',
  'ProgramAttachment',
  'SocketAttachment',
]);

/** Mostly `@internal`, so that only what ends the process counts. */
const INTERNAL = new Set([
  // An iterable of the user's may throw what it likes.
  'BpfMap.setMany',
  'BpfMap.deleteMany',
  'RingBuffer.recordsThenClose',
  'PerfBuffer.recordsThenClose',
]);

function invoke(
  world: World,
  random: Random,
  name: string,
  { key, kind }: Member,
  thing: object,
  receiver: object,
): unknown {
  const give = new Give(random, world);
  const recipe = RECIPES[name];
  const given = (): unknown[] => {
    const meant = recipe?.(give, thing) ?? [];
    return spice(name, meant, random, world);
  };
  const target = thing as Record<string | symbol, unknown>;
  if (kind === 'method') return Reflect.apply(target[key] as () => unknown, receiver, given());
  if (kind === 'accessor' && random.chance(0.5)) {
    const [value] = recipe === undefined ? [hostileFor(name, random, world)] : given();
    if (!Reflect.set(target, key, value, receiver)) throw new TypeError('refused by Reflect.set');
    return undefined;
  }
  return Reflect.get(target, key, receiver);
}

/** Replaces an argument, or a property of one, by something that does not belong there. */
function spice(name: string, given: readonly unknown[], random: Random, world: World): unknown[] {
  // What is thrown into an iterator is what comes out of it.
  if (name === 'iterator.throw') return [...given];
  const all = given.map((value) => {
    if (random.chance(0.06)) return hostileFor(name, random, world);
    if (!isPlain(value) || !random.chance(0.1)) return value;
    const key = random.perhaps(Object.keys(value));
    return key === undefined ? value : { ...value, [key]: hostileFor(key, random, world) };
  });
  if (random.chance(0.04)) all.push(hostileFor(name, random, world));
  return random.chance(0.02) ? all.slice(1) : all;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

export function perform(world: World, name: string, judgement: Judgement, call: () => unknown): void {
  world.calls++;
  try {
    const result = call();
    if (!NOT_KEPT.has(name)) world.keep(result);
  } catch (error) {
    world.thrown++;
    const { judge } = world;
    world.object(name, judgement === 'strict' ? judge.objection(error) : judge.lenient(error), error);
  }
}
