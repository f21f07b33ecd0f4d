/** Sequences whose outcome is known: what was written is read, in every way there is to read it. */
import assert from 'node:assert';
import type * as Subskel from '../../lib';
import type { Random } from './random';
import type { World } from './world';

type Check = (world: World, random: Random) => void;

/** A variable, its bytes through the map's system calls, and what the program sees. */
const variables: Check = (world, random) => {
  const object = world.subskel.BpfObject.open(world.files['objects'] as string);
  try {
    const calls = object.section('.data').variables.get('calls') as Subskel.NumberVariable;
    const before = random.next();
    calls.value = before;
    object.load();
    assert.equal(calls.value, before);
    const value = random.next();
    calls.write(value);
    const bytes = world.subskel.BpfMap.fromFd(object.section('.data').map.fd);
    const raw = (bytes.get(0) ?? bytes.get(new Uint8Array(4))) as object;
    bytes.close();
    assert.equal(numberAt(raw, calls.offset), value);
    object.program('add').testRun({ context: { in: 1 } });
    assert.equal(calls.value, (value + 1) >>> 0);
    if (random.chance(0.5)) world.keep(calls);
  } finally {
    if (random.chance(0.8)) object.close();
    else world.keep(object);
  }
};

/** The section as bytes or, typed by its BTF, as { calls }. */
function numberAt(raw: object, offset: number): number {
  if ('calls' in raw) return raw.calls as number;
  const { buffer, byteOffset } = raw as Uint8Array;
  return new DataView(buffer, byteOffset).getUint32(offset, true);
}

/** A hash map beside a JavaScript one. */
const hash: Check = (world, random) => {
  const type = random.pick(['hash', 'array', 'percpu_hash']);
  const size = 1 + random.below(24);
  const map = world.subskel.BpfMap.create<number>({
    type,
    key: 'u32',
    value: 'u64',
    maxEntries: size,
  });
  const model = new Map<number, bigint>();
  if (type === 'array') for (let key = 0; key < size; key++) model.set(key, 0n);
  const cpus = world.subskel.kernel.possibleCpus;
  const stored = (value: bigint): unknown =>
    type === 'percpu_hash' ? Array<bigint>(cpus).fill(value) : value;
  try {
    for (let i = 0; i < 30; i++) oneChange(map, model, random, type === 'array' ? size : 40, size, stored);
    const sorted = [...map].sort(([a], [b]) => a - b);
    const expected = [...model].sort(([a], [b]) => a - b).map(([key, value]) => [key, stored(value)]);
    assert.deepEqual(sorted, expected);
    assert.equal(map.toMap().size, model.size);
  } finally {
    if (random.chance(0.8)) map.close();
    else world.keep(map);
  }
};

function oneChange(
  map: Subskel.BpfMap<number>,
  model: Map<number, bigint>,
  random: Random,
  keys: number,
  size: number,
  stored: (value: bigint) => unknown,
): void {
  const key = random.below(keys);
  const value = (BigInt(random.next()) << 32n) | BigInt(random.next());
  const has = model.has(key);
  switch (map.type === 'array' ? random.below(2) : random.below(4)) {
    case 0:
      if (!has && model.size === size) assert.throws(() => map.set(key, stored(value)), { code: 'E2BIG' });
      else {
        map.set(key, stored(value));
        model.set(key, value);
      }
      break;
    case 1:
      assert.deepEqual(map.get(key), has ? stored(model.get(key) as bigint) : undefined);
      break;
    case 2:
      assert.equal(map.delete(key), model.delete(key));
      break;
    default:
      assert.deepEqual(map.take(key), has ? stored(model.get(key) as bigint) : undefined);
      model.delete(key);
  }
}

/** Nothing lost, nothing twice, in order. */
const records: Check = (world, random) => {
  const object = world.subskel.BpfObject.open(world.files['events'] as string);
  try {
    object.load();
    const ring = new world.subskel.RingBuffer<{ sequence: bigint }>(object.map('ring'), {
      type: 'struct record',
    });
    const seen: bigint[] = [];
    for (let i = 0; i < 4; i++) {
      const count = random.below(200);
      const context = new Uint8Array(new BigUint64Array([BigInt(count), 1n, 0n, 5n]).buffer);
      object.program('produce').testRun({ context });
      if (random.chance(0.5)) ring.consume((batch) => batch.forEach(({ sequence }) => seen.push(sequence)));
      else for (const { sequence } of ring.consume()) seen.push(sequence);
    }
    assert.deepEqual(
      seen,
      seen.map((_, i) => BigInt(i)),
    );
    const produced = object.section('.bss').variables.get('sequence') as Subskel.BigIntVariable;
    assert.equal(BigInt(seen.length), produced.value);
  } finally {
    object.close();
  }
};

const CHECKS = { variables, hash, records } as const;

export function check(world: World, random: Random): string {
  const name = random.pick(Object.keys(CHECKS) as (keyof typeof CHECKS)[]);
  world.calls += 20;
  try {
    CHECKS[name](world, random);
  } catch (error) {
    world.object(`check of ${name}`, 'another outcome', error);
  }
  return `check of ${name}`;
}
