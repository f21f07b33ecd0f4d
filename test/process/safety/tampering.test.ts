/**
 * Scripts that replace what everybody shares (prototypes, globals) and so get hold of what passes through. They may see
 * wrong values, which they have made; the process stays. Each of these ended it before.
 */
import { runChild } from '../../support/child';
import { compileBpf } from '../../support/compile';

const ARRAY = `
// MMAPABLE and RDONLY_PROG: the kernel maps it for reading only, though it can be changed by system calls.
const map = subskel.BpfMap.create({ type: 'array', value: 'u64', maxEntries: 4, flags: (1 << 10) | (1 << 7) });
const use = () => [map.at(1).value, map.at(1).atomic.load(), map.asArray().value, map.asArray().read()];
`;
const SECTION = `
const object = subskel.BpfObject.open(args.file);
object.load();
const use = () => [...object.section('.rodata')].map((v) => {
  v.waitUntil(() => true);
  return [v.value, v.read(), v.atomic?.load()];
});
`;

/** Ways to look things up, and to read records by the struct that was found. */
const LOOKUPS = `
const handOver = (memory) => { touch(memory?.u8?.buffer); touch(memory?.m?.u8?.buffer); };
for (const proto of [Map.prototype, WeakMap.prototype]) replace(proto, 'get', (before) => function (key) {
  touched++;
  const found = before.call(this, key);
  if (typeof found !== 'object' || found === null || !('plains' in found)) return found;
  const fake = (way) => (memory, ...given) => { handOver(memory); return way(memory, ...given); };
  return { ...found, view: fake(found.view), plain: fake(found.plain), plains: fake(found.plains), makeBatch: fake(found.makeBatch) };
});`;

/** Ways to have a word in the code that reads records, or to be handed what it reads from. */
const HAND_OVER = `
const handOver = (value, depth = 0) => {
  if (typeof value !== 'object' || value === null || depth > 4) return;
  touch(value.u8?.buffer);
  for (const key of Reflect.ownKeys(value)) {
    const property = Reflect.getOwnPropertyDescriptor(value, key);
    if (property !== undefined && 'value' in property) handOver(property.value, depth + 1);
  }
};
globalThis.leak = (memory) => { touched++; handOver(memory); return memory; };
const inject = (text) => typeof text === 'string' ? text.replaceAll('const m = this.#m', 'const m = leak(this.#m)').replaceAll('= m.', '= leak(m).') : text;
const looking = (call) => function (...given) { for (const each of [this, ...given]) handOver(each); return Reflect.apply(call, this, given); };
`;

const CODE: readonly [string, string][] = [
  [
    'Function',
    `const Before = Function; globalThis.Function = class { constructor(...all) { return new Before(...all.map(inject)); } };`,
  ],
  [
    'methods of arrays that make text',
    `for (const key of ['join', 'map', 'flatMap', 'concat'])
     replace(Array.prototype, key, (before) => function (...given) { const made = before.apply(this, given); return typeof made === 'string' ? inject(made) : made.map?.call !== undefined && made.every((each) => typeof each === 'string') ? Array.from(made, inject) : made; });`,
  ],
  [
    'JSON.stringify',
    `const seen = new Set(); replace(JSON, 'stringify', (before) => (value, ...more) => {
       if (value !== 'fd' || !seen.has(value)) { seen.add(value); return before(value, ...more); }
       return before(value) + ': (leak(m), 0), ' + before('x' + value);
     });`,
  ],
  [
    'Proxy',
    `const Before = Proxy; globalThis.Proxy = function (target, traps) { return typeof target === 'function' ? looking(target) : new Before(target, traps); };`,
  ],
  [
    'what iterators give',
    `replace(Object.getPrototypeOf([][Symbol.iterator]()), 'next', (before) => function () { const step = before.call(this); handOver(step.value); return step; });`,
  ],
  ['Array.prototype.push', `replace(Array.prototype, 'push', looking);`],
  [
    'what is kept in Maps',
    `for (const proto of [Map.prototype, WeakMap.prototype]) replace(proto, 'set', (before) => function (key, value) {
     if (typeof value !== 'object' || value === null || !('plains' in value)) return before.call(this, key, value);
     return before.call(this, key, { ...value, view: looking(value.view), plain: looking(value.plain), plains: looking(value.plains), makeBatch: looking(value.makeBatch) });
   });`,
  ],
  [
    'setters that take names of what code is given',
    `for (let i = 0; i < 20; i++) for (const name of ['view', 'plain', 'read', 'slow', 'flexible', 'unsafe'])
     Object.defineProperty(Object.prototype, name + i, { configurable: true, set(value) { Object.defineProperty(globalThis, name + i, { configurable: true, value: looking(value) }); } });`,
  ],
  [
    'methods of readers',
    `for (let proto = subskel.RingBuffer.prototype; proto !== Object.prototype; proto = Object.getPrototypeOf(proto))
     for (const key of Object.getOwnPropertyNames(proto))
       if (key !== 'constructor' && typeof Object.getOwnPropertyDescriptor(proto, key).value === 'function') replace(proto, key, looking);`,
  ],
  [
    'what classes extend',
    `for (const made of [subskel.RingBuffer, ...(globalThis.classes ?? [])]) {
     const parent = Object.getPrototypeOf(made);
     if (parent === Function.prototype) continue;
     Reflect.setPrototypeOf(made, new Proxy(parent, { construct(target, given, newTarget) {
       for (const each of given) { handOver(each); try { touch(each.memory(0)); } catch {} }
       return Reflect.construct(target, given, newTarget);
     } }));
   }`,
  ],
];

const RING = `
const object = subskel.BpfObject.open(args.events);
object.load();
let made, tagged;
const use = () => {
  tagged ??= new subskel.RingBuffer(object.map('small'), { type: { tag: 'kind', types: { 1: 'struct opened', 7: 'struct closed' } } });
  object.program('tagged').testRun();
  tagged.consume((batch) => { for (const record of batch) record.read(); batch.read(); });
  made ??= new subskel.RingBuffer(object.map('ring'), { type: 'struct record', int64: 'number' });
  object.program('produce').testRun({ context: new Uint8Array([40, ...new Array(31).fill(0)]) });
  made.consume((batch) => {
    (globalThis.classes ??= []).push(batch.constructor);
    for (const record of batch) for (const key in Object.getPrototypeOf(record)) record[key];
    batch.forEach((record) => record.read());
    batch.read();
    batch.bytes(0);
  });
  made.state();
  made.close();
  made = undefined;
};
`;

/** Writes to whatever memory is passed to it, as it was. */
const TOUCH = `
const { Uint8Array: Bytes, ArrayBuffer: Memory } = globalThis;
const size = Object.getOwnPropertyDescriptor(Memory.prototype, 'byteLength').get;
const touch = (buffer) => {
  if (!(buffer instanceof Memory) || size.call(buffer) === 0) return;
  const bytes = new Bytes(buffer);
  touched++;
  bytes[0] = bytes[0];
  bytes[0]++;
  bytes[0]--;
};
let touched = 0;
const replace = (object, key, make) => {
  const property = Object.getOwnPropertyDescriptor(object, key);
  const [role] = ['value', 'get'].filter((each) => typeof property[each] === 'function');
  const before = property[role];
  Object.defineProperty(object, key, { ...property, [role]: make(before) });
};
`;

/** From begin() on an error is fine: it is the tampering's. Before that it would be ours. */
const FORGIVING = `
const begin = () => {
  process.on('uncaughtException', () => {});
  process.on('unhandledRejection', () => {});
};
`;

const TAMPERED: readonly [string, string][] = [
  [
    'setters on Object.prototype',
    `for (const key of ['buffer', 'readonly', 'pages', 'offsets', 'errno', 'count', 'kind', '0', '1'])
       Object.defineProperty(Object.prototype, key, { configurable: true, set(value) { touched++; touch(value); touch(value?.buffer); } });`,
  ],
  [
    'methods of DataView',
    `for (const key of Object.getOwnPropertyNames(DataView.prototype).filter((name) => /^[gs]et/.test(name)))
       replace(DataView.prototype, key, (before) => function (...given) { touch(this.buffer); return before.apply(this, given); });`,
  ],
  [
    'methods of TypedArrays',
    `const proto = Object.getPrototypeOf(Uint8Array.prototype);
     for (const key of ['slice', 'subarray', 'set', 'fill', 'values'])
       replace(proto, key, (before) => function (...given) { touch(this.buffer); return before.apply(this, given); });`,
  ],
  [
    'Atomics',
    `replace(Atomics, 'load', (before) => (array, index) => { touch(array.buffer); return before(array, index); });`,
  ],
  [
    'the classes of arrays',
    `for (const name of ['Uint8Array', 'Int32Array', 'Uint32Array', 'BigUint64Array', 'DataView'])
       globalThis[name] = new Proxy(globalThis[name], {
         construct(target, given) { touch(given[0]); return Reflect.construct(target, given); },
       });`,
  ],
  [
    'the size of a buffer',
    `replace(ArrayBuffer.prototype, 'byteLength', (before) => function () { touch(this); return before.call(this); });`,
  ],
  [
    'the length of an array',
    `replace(Object.getPrototypeOf(Uint8Array.prototype), 'length', (before) => function () { touch(this.buffer); return before.call(this); });`,
  ],
  [
    'traps on Object.prototype',
    `Object.prototype.apply = function (target, self, given) {
       touched++;
       for (const each of given ?? []) touch(each?.u8?.buffer ?? each?.in?.u8?.buffer);
       return Reflect.apply(target, self, given);
     };`,
  ],
  ['lookups in Maps', LOOKUPS],
];

function run(script: string, args: Readonly<Record<string, unknown>>): void {
  const { stderr, status, signal } = runChild(script, args);
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
}

describe.each([
  ['.rodata, opened before', `${SECTION} use(); begin(); tamper(); use();`],
  ['.rodata, opened after', `begin(); tamper(); ${SECTION} use();`],
  ['a ring buffer, opened before', `${RING} use(); begin(); tamper(); use();`],
  ['a ring buffer, opened after', `begin(); tamper(); ${RING} use();`],
  ['a map for reading only, opened before', `${ARRAY} use(); begin(); tamper(); use();`],
  ['a map for reading only, opened after', `begin(); tamper(); ${ARRAY} use();`],
])('%s', (_, script) => {
  test.each(TAMPERED)('%s', (_name, tamper) => {
    run(
      `${TOUCH} const tamper = () => { ${tamper} };
 ${FORGIVING} ${script}`,
      { file: compileBpf('objects'), events: compileBpf('events') },
    );
  });
});

describe.each([
  ['opened before', `${RING} use(); begin(); tamper(); use(); use();`],
  ['opened after', `begin(); tamper(); ${RING} use(); use();`],
])('the code that reads the records of a ring buffer, %s', (_, script) => {
  test.each(CODE)('%s', (_name, tamper) => {
    run(
      `${TOUCH} ${HAND_OVER} const tamper = () => { ${tamper} };
 ${FORGIVING} ${script}`,
      { events: compileBpf('events') },
    );
  });
});

test('the scripts above do get hold of memory', () => {
  for (const [, tamper] of TAMPERED.filter(([name]) => !/Object.prototype/.test(name))) {
    run(
      `${TOUCH} const object = subskel.BpfObject.open(args.file); object.load();
       ${tamper}
       for (const v of object.section('.data')) { v.read(); v.write(v.read()); v.waitUntil(() => true); v.atomic?.load(); }
       const map = subskel.BpfMap.create({ type: 'array', value: 4, maxEntries: 1 });
       map.set(0, new Uint8Array(4)); map.get(0); for (const each of map.batches()) each;
       if (touched === 0) throw new Error('nothing was touched');`,
      { file: compileBpf('objects') },
    );
  }
});
