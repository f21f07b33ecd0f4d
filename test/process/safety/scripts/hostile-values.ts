/** Values that are not what they say, a case each. */
import assert from 'node:assert';
import fs from 'node:fs';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: { readonly name: keyof typeof CASES };

const { BpfMap } = subskel;

export const CASES = {
  'the number of a map that a user has closed, and that has become a larger map': () => {
    const small = BpfMap.create({ type: 'array', value: 8, maxEntries: 1 });
    fs.closeSync(small.fd);
    const large = BpfMap.create<number, Uint8Array>({ type: 'array', value: 1 << 18, maxEntries: 1 });
    assert(large.fd >= 0);
    large.set(0, new Uint8Array(1 << 18).fill(255));
    for (let i = 0; i < 100; i++) assert.deepEqual(small.get(0), new Uint8Array(8));
    // What is the other map's stays the other map's.
    small.close();
    assert.equal(large.get(0)!.length, 1 << 18);
    assert.equal(BpfMap.fromFd(large.fd).info().id, large.info().id);
  },

  'a class that extends Uint8Array and lies about its length': () => {
    class Short extends Uint8Array {
      override get length(): number {
        return 8;
      }
    }
    const map = BpfMap.create({ type: 'array', value: 8, maxEntries: 1 });
    map.set(0, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    assert.throws(() => map.set(0, new Short(2)), { code: 'ERR_OUT_OF_RANGE' });
    assert.deepEqual(map.get(0), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  },

  'an object that calls itself a Uint8Array cannot run code between key and value': () => {
    const map = BpfMap.create({ type: 'hash', key: 4, value: 4, maxEntries: 8 });
    const fake = {
      [Symbol.toStringTag]: 'Uint8Array',
      length: 4,
      1: 1,
      2: 1,
      3: 1,
      get 0() {
        map.has(Uint8Array.of(9, 9, 9, 9));
        return 1;
      },
    };
    assert.throws(() => map.set(Uint8Array.of(1, 1, 1, 1), fake as unknown as Uint8Array), {
      code: 'ERR_INVALID_ARG',
    });
    assert.deepEqual([...map], []);
  },

  'a size that is another one each time it is asked for': () => {
    const map = BpfMap.create({ type: 'hash', key: 4, value: 4, maxEntries: 8 });
    map.set(new Uint8Array(4), new Uint8Array(4));
    let asked = 0;
    const options = {
      get size() {
        return asked++ % 2 === 0 ? 1 : 0;
      },
    };
    assert.equal([...map.entries(options)].length, 1);
  },

  'a Proxy of bytes is no bytes': () => {
    const proxy = new Proxy(new Uint8Array(64), {});
    for (const use of [
      () => subskel.BpfObject.open(proxy),
      () => subskel.Btf.fromBytes(proxy),
      () => subskel.describe(proxy),
    ]) {
      assert.throws(use, { code: 'ERR_INVALID_ARG' });
    }
  },
};

CASES[args.name]();
