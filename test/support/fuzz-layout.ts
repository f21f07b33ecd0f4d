/**
 * Forged layouts: what users can give as the type of keys, values and records. Each is taken, and then works, or refused by
 * one of our errors that names the field; never anything else, and no text of it is ever run.
 */
import { codecFor } from '../../lib/btf/codec/codec';
import { checkedLayout } from '../../lib/btf/layout/checked-layout';
import type { Type } from '../../lib/btf/layout/layout-model';
import { BtfError, DescriptorError, SubskelError, ValueRangeError, ArgumentError } from '../../lib/errors';
import { recordForm } from '../../lib/events/record/record-form';
import { Region } from '../../lib/memory/region/region';
import { createVariable } from '../../lib/memory/variable/variable';
import { mapBtf } from '../../lib/runtime/map/map-btf';
import { eachSeed } from './each-seed';
import { random } from './mutate';

export interface LayoutFuzzResult {
  taken: number;
  refused: number;
  /** The different messages, without numbers. */
  readonly messages: Set<string>;
  slowest: number;
}

/** Values up to here are read and written. Bytes. */
const LARGEST = 1 << 16;
/** What a getter or a trap of the user's throws goes through as it is. */
class Own extends Error {}

type Below = (bound: number) => number;
type Node = Record<string, unknown>;

declare global {
  var forgedCodeThatRan: string[];
}

export function fuzzLayout(layouts: readonly Type[], cases: number, firstSeed = 1): LayoutFuzzResult {
  const result: LayoutFuzzResult = { taken: 0, refused: 0, messages: new Set(), slowest: 0 };
  globalThis.forgedCodeThatRan = [];
  result.slowest = eachSeed(firstSeed, cases, (seed) => {
    const below = random(seed);
    const forged = forge(layouts[below(layouts.length)] as Type, below);
    if (tried(forged, result)) result.taken++;
    else result.refused++;
    const [code] = globalThis.forgedCodeThatRan;
    if (code !== undefined) throw new Error(`the code in '${code}' was run`);
  });
  return result;
}

/** Whether it was taken. */
function tried(forged: unknown, result: LayoutFuzzResult): boolean {
  let type: Type;
  try {
    type = checkedLayout(forged, 'options.value');
  } catch (error) {
    if (error instanceof Own) return false;
    if (!(error instanceof DescriptorError)) throw error;
    if (!error.path.startsWith('options.value') || error.message.length > 20_000)
      throw new Error(`names no place: ${error.message}`, { cause: error });
    result.messages.add(error.message.replace(/'[^']*'|"[^"]*"/g, "'…'").replace(/\d+/g, '#'));
    return false;
  }
  checkFrozen(type, new Set());
  ours(() => mapBtf('hash', { type, size: type.size }, { type, size: type.size }));
  for (const int64 of ['bigint', 'number'] as const) {
    ours(() => recordForm(type, unknownBtf, { int64 }));
    const codec = codecFor(type, { int64 });
    if (type.size > LARGEST) continue;
    const view = new DataView(new ArrayBuffer(type.size + 8));
    const region = new Region('.data');
    region.setImage(new Uint8Array(type.size + 8));
    const spec = { name: 'v', section: '.data', offset: 0, size: type.size, type, declaration: '', int64 };
    ours(() => codec.write(view, 0, codec.read(view, 0)));
    ours(() => {
      const variable = createVariable(region, spec);
      variable.write(variable.read());
      return [variable.value, JSON.stringify(variable)];
    });
  }
  return true;
}

function unknownBtf(): never {
  throw new Error('a layout needs no BTF');
}

function ours(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (error instanceof SubskelError || error instanceof BtfError) return;
    if (error instanceof ArgumentError || error instanceof ValueRangeError) return;
    throw error;
  }
}

function checkFrozen(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (!Object.isFrozen(value)) throw new Error(`can be changed: ${JSON.stringify(value)}`);
  for (const { value: inner, get } of Object.values(Object.getOwnPropertyDescriptors(value))) {
    if (get !== undefined) throw new Error('has a getter');
    checkFrozen(inner, seen);
  }
}

/** A copy with some of its fields forged. */
function forge(type: Type, below: Below): unknown {
  const root = structuredClone(type) as unknown as Node;
  let forged: unknown = root;
  try {
    for (let n = 1 + below(3); n > 0; n--) {
      const { node, parents } = pick(root, below);
      const made = (MUTATIONS[below(MUTATIONS.length)] as Mutation)(node, parents, below);
      if (made !== undefined && node === root) forged = made;
    }
  } catch (error) {
    // One mutation met another.
    if (!(error instanceof Own || error instanceof TypeError)) throw error;
  }
  return forged;
}

/** A type, member or constant somewhere in the tree, with the objects that it is in. */
function pick(root: Node, below: Below): { node: Node; parents: Node[] } {
  const parents: Node[] = [];
  let node = root;
  for (;;) {
    const inner = Object.values(node)
      .flatMap((value) => (Array.isArray(value) ? value.slice(0, 1000) : [value]) as unknown[])
      .filter(
        (value): value is Node =>
          typeof value === 'object' && value !== null && !parents.includes(value as Node),
      );
    if (inner.length === 0 || below(4) === 0 || parents.length > 20) return { node, parents };
    parents.push(node);
    node = inner[below(inner.length)] as Node;
  }
}

const CODE = "(globalThis.forgedCodeThatRan.push('it'), 1)";
const NASTY: readonly unknown[] = [
  CODE,
  `1); ${CODE}; (1`,
  `'); ${CODE}; ('`,
  `"] ${CODE} ["`,
  `\`\${${CODE}}\``,
  `\n${CODE}\n`,
  '__proto__',
  'constructor',
  'a\0b',
  'x'.repeat(10_000),
  '',
  -1,
  -8,
  0,
  1,
  3,
  7,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 60,
  1e308,
  -0,
  0.5,
  NaN,
  Infinity,
  8n,
  -(1n << 70n),
  true,
  false,
  null,
  undefined,
  [],
  {},
  [[]],
  Symbol('size'),
  () => 8,
  new Date(0),
  new String('int'),
  { valueOf: () => 8, toString: () => CODE },
];

/** What is to stand in the place of the node where it is the root; of others it is put there. */
type Mutation = (node: Node, parents: Node[], below: Below) => unknown;

const field = (node: Node, below: Below): string => {
  const names = Object.keys(node);
  return names[below(names.length)] ?? 'kind';
};
const replace = (node: Node, parents: Node[], value: unknown): unknown => {
  const parent = parents.at(-1);
  for (const [key, held] of Object.entries(parent ?? {})) {
    if (held === node) (parent as Node)[key] = value;
    else if (Array.isArray(held)) held.forEach((item, i) => item === node && (held[i] = value));
  }
  return value;
};
const wrapped = (element: unknown, size: unknown): Node => ({
  kind: 'array',
  spelling: '',
  size,
  length: 1,
  element,
});

const MUTATIONS: readonly Mutation[] = [
  (node, _, below) => void (node[field(node, below)] = NASTY[below(NASTY.length)]),
  (node, _, below) => void (node[field(node, below)] = NASTY[below(NASTY.length)]),
  (node, _, below) => void (node[field(node, below)] = below(300)),
  (node, _, below) => void (node[field(node, below)] = below(17)),
  (node, _, below) => void Reflect.deleteProperty(node, field(node, below)),
  (node, _, below) => void (node[['sign', 'offset', 'toJSON', 'layout'][below(4)] as string] = 1),
  // A getter that answers differently each time.
  (node, _, below) => {
    const answers = [node[field(node, below)], ...NASTY];
    let n = 0;
    const get = (): unknown => answers[n++ % answers.length];
    Object.defineProperty(node, field(node, below), { get, enumerable: true, configurable: true });
  },
  (node, _, below) => {
    const get = (): never => {
      throw new Own('mine');
    };
    Object.defineProperty(node, field(node, below), { get, enumerable: true, configurable: true });
  },
  // A Proxy that tells the truth once.
  (node, parents, below) => {
    const asked = new Set<PropertyKey>();
    const get = (target: Node, key: string): unknown => {
      const before = asked.has(key);
      asked.add(key);
      return before ? NASTY[below(NASTY.length)] : target[key];
    };
    return replace(
      node,
      parents,
      new Proxy(node, { get: get as ProxyHandler<Node>['get'] } as ProxyHandler<Node>),
    );
  },
  // A Proxy without end.
  (node, parents) => {
    const endless = (): Node =>
      new Proxy(wrapped(undefined, 1), {
        get: (target, key) => (key === 'element' ? endless() : target[key as string]),
      });
    return replace(node, parents, endless());
  },
  // A list that says it is longer.
  (node, _, below) => {
    const list = Object.values(node).find((value) => Array.isArray(value)) as unknown[] | undefined;
    if (list !== undefined) list.length = [2 ** 32 - 1, list.length + 1, 0][below(3)] as number;
  },
  (node, _, below) => {
    const list = Object.values(node).find((value) => Array.isArray(value)) as unknown[] | undefined;
    if (list !== undefined && list.length > 0)
      for (let n = 0; n < 300; n++) list.push(list[below(list.length)]);
  },
  // Cycles.
  (node, parents, below) => {
    const above = [...parents, node][below(parents.length + 1)];
    if ('element' in node) node['element'] = above;
    else if ('type' in node) node['type'] = above;
    else return replace(node, parents, above);
    return undefined;
  },
  // Very deep.
  (node, parents, below) => {
    let deep: unknown = { ...node };
    for (let n = [12, 40, 257, 20_000][below(4)] as number; n > 0; n--) deep = wrapped(deep, node['size']);
    return replace(node, parents, deep);
  },
  // Twice as large at each level.
  (node, parents) => {
    let size = Number(node['size']) || 1;
    let wide: unknown = { ...node };
    for (let n = 0; n < 28; n++) {
      const member = (at: number): Node => ({
        name: `m${String(at)}`,
        type: wide,
        bitOffset: at * size * 8,
        bitSize: 0,
        declaration: '',
        tags: [],
      });
      const members = [member(0), member(1)];
      size *= 2;
      wide = { kind: 'struct', spelling: 's', size, members };
    }
    return replace(node, parents, wide);
  },
  // Elements of nothing, many of them.
  (node, parents) => {
    let nothing: unknown = { kind: 'struct', spelling: 'struct empty', size: 0, members: [] };
    for (let n = 0; n < 3; n++)
      nothing = { kind: 'array', spelling: '', size: 0, length: 60_000, element: nothing };
    return replace(node, parents, nothing);
  },
  // Nothing but another object of the same content.
  (node, parents) => replace(node, parents, { ...node }),
];
