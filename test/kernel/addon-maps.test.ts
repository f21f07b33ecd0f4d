/** Maps below the runtime: elements through the scratch memory, sizes, reuse, and the guards before libbpf. */
import { ArgumentError, UnsupportedError } from '../../lib/errors';
import type { NativeMap } from '../../lib/native/native-map';
import type { NativeObject } from '../../lib/native/native-object';
import { loadAddon } from '../../lib/native/load';
import { compileBpf, compileBpfSource } from '../support/compile';
import { thrownBy, withHandles } from '../support/native';

const KEY_NOT_THERE = 2;
const KEY_EXISTS = 17;

function elements(map: NativeMap): { key: DataView; value: DataView } {
  const { scratch, scratchValueOffset, scratchValueSize } = map;
  return {
    key: new DataView(scratch, 0, scratchValueOffset),
    value: new DataView(scratch, scratchValueOffset, scratchValueSize),
  };
}

function using<T>(object: NativeObject, use: (object: NativeObject) => T): T {
  try {
    return use(object);
  } finally {
    object.close();
  }
}

describe('elements', () => {
  test('a hash map: set, get, flags, keys, delete, take', () => {
    withHandles('loaded', ({ map }) => {
      const { key, value } = elements(map);
      expect(map.nextKey(true)).toBe(false);
      for (const n of [1, 2, 3, 4]) {
        key.setUint32(0, n, true);
        value.setBigUint64(0, BigInt(n * 100), true);
        expect(map.update(1)).toBe(0);
      }
      expect(map.update(1)).toBe(KEY_EXISTS);
      key.setUint32(0, 9, true);
      expect(map.update(2)).toBe(KEY_NOT_THERE);
      expect(thrownBy(() => map.update(0))).toHaveProperty('code', 'E2BIG');
      expect(thrownBy(() => map.update(7))).toHaveProperty('code', 'EINVAL');
      expect(map.lookup(0)).toBe(false);
      key.setUint32(0, 3, true);
      expect([map.lookup(0), value.getBigUint64(0, true)]).toEqual([true, 300n]);

      const keys: number[] = [];
      for (let more = map.nextKey(true); more; more = map.nextKey(false)) keys.push(key.getUint32(0, true));
      expect(keys.sort()).toEqual([1, 2, 3, 4]);

      key.setUint32(0, 2, true);
      expect([map.delete(), map.delete(), map.lookup(0)]).toEqual([true, false, false]);
      key.setUint32(0, 4, true);
      expect([map.lookupAndDelete(0), value.getBigUint64(0, true), map.lookupAndDelete(0)]).toEqual([
        true,
        400n,
        false,
      ]);
    });
  });

  test('an array: out of range is no such key to read, and an error to write', () => {
    withHandles('loaded', ({ object }) => {
      const map = object.findMap('slots')!;
      const { key, value } = elements(map);
      value.setBigUint64(0, 5n, true);
      expect([map.update(0), map.lookup(0)]).toEqual([0, true]);
      key.setUint32(0, 2, true);
      expect(map.lookup(0)).toBe(false);
      expect(thrownBy(() => map.update(0))).toHaveProperty('code', 'E2BIG');
      expect(thrownBy(() => map.delete())).toHaveProperty('code', 'EINVAL');
    });
  });

  test('a per-CPU array: one value of 8 bytes for each possible CPU', () => {
    withHandles('loaded', ({ addon, object }) => {
      const map = object.findMap('per_cpu')!;
      expect(map.scratchValueSize).toBe(8 * addon.possibleCpus());
      const { value } = elements(map);
      for (let cpu = 0; cpu < addon.possibleCpus(); cpu++) value.setUint32(cpu * 8, 1000 + cpu, true);
      expect(map.update(0)).toBe(0);
      new Uint8Array(map.scratch).fill(0);
      expect(map.lookup(0)).toBe(true);
      // on_enter counts meanwhile, on whatever CPU.
      expect(value.getUint32(0, true)).toBeGreaterThanOrEqual(1000);
    });
  });

  test('a queue: no keys, push, peek and pop', () => {
    withHandles('loaded', ({ object }) => {
      const map = object.findMap('queue')!;
      expect(map.scratchValueOffset).toBe(0);
      const { value } = elements(map);
      for (const n of [11, 22]) {
        value.setUint32(0, n, true);
        expect(map.update(0)).toBe(0);
      }
      expect([map.lookup(0), value.getUint32(0, true)]).toEqual([true, 11]);
      expect([map.lookupAndDelete(0), value.getUint32(0, true)]).toEqual([true, 11]);
      expect([map.lookupAndDelete(0), value.getUint32(0, true)]).toEqual([true, 22]);
      expect(map.lookupAndDelete(0)).toBe(false);
      expect(thrownBy(() => map.nextKey(true))).toHaveProperty('code', 'EOPNOTSUPP');
    });
  });

  test('detaching the scratch memory leaves the map with its own', () => {
    withHandles('loaded', ({ addon, map }) => {
      const { scratch } = map;
      addon.detach(scratch, false);
      expect(scratch.byteLength).toBe(0);
      expect(map.lookup(0)).toBe(false);
    });
  });
});

describe('sizes before load', () => {
  test('an ordinary map takes any', () => {
    withHandles('open', ({ map }) => {
      map.setMaxEntries(100);
      map.setValueSize(32);
      expect([map.maxEntries, map.valueSize]).toEqual([100, 32]);
    });
  });

  test.each<readonly [string, string, (map: NativeMap) => void]>([
    ['two entries', '.data', (map) => map.setMaxEntries(2)],
    ['no entries', '.bss', (map) => map.setMaxEntries(0)],
    ['no size', '.data', (map) => map.setValueSize(0)],
    ['a smaller configuration', '.kconfig', (map) => map.setValueSize(1)],
  ])('a data section refuses %s', (_, section, change) => {
    withHandles('open', ({ object }) => {
      expect(thrownBy(() => change(object.findMap(section)!))).toBeInstanceOf(ArgumentError);
      object.load();
    });
  });

  test('a data section grows with the array at its end, and its image with it', () => {
    withHandles('open', ({ object }) => {
      const custom = object.findMap('.data.custom')!;
      custom.setValueSize(4 + 4 * 5000);
      const image = custom.initialValue()!;
      expect(image.length).toBe(20004);
      expect([...new Uint32Array(image.buffer, 0, 4)]).toEqual([1, 7, 8, 0]);
      expect(thrownBy(() => custom.setInitialValue(new Uint8Array(12)))).toHaveProperty('code', 'EINVAL');
      object.load();
      expect(custom.valueSize).toBe(20004);
    });
  });

  test.each([
    ['.data', [10]],
    ['.bss', [0, 0]],
    ['.rodata', [3]],
    ['.data.custom', [1, 7, 8]],
  ])('%s has its initial value', (section, words) => {
    withHandles('open', ({ object }) => {
      const map = object.findMap(section)!;
      expect(map.section).toBe(section);
      expect([...new Uint32Array(map.initialValue()!.buffer)]).toEqual(words);
    });
  });

  test('the initial value is a copy, and reaches the BPF side', () => {
    withHandles('open', ({ object, data, program }) => {
      data.initialValue()!.fill(0xff);
      data.setInitialValue(new Uint8Array(new Uint32Array([41]).buffer));
      object.load();
      expect(program.testRun({ context: new Uint8Array(8) }).retval).toBe(42);
    });
  });
});

describe('sections', () => {
  test('are found by their BTF where libbpf cuts the name short', () => {
    using(loadAddon().openFile(compileBpf('objects'), { name: 'a_rather_long_name' }), (object) => {
      const sections = object.maps().map(({ section }) => section);
      expect(sections).toEqual(expect.arrayContaining(['.bss', '.bss.resizable', '.data', '.rodata', '']));
    });
  });
});

describe('reuse', () => {
  test('of a map of the same shape: both see the same', () => {
    withHandles('loaded', ({ map, object }) => {
      const { key, value } = elements(map);
      key.setUint32(0, 5, true);
      value.setBigUint64(0, 55n, true);
      map.update(0);
      withHandles('open', (other) => {
        other.map.reuseFd(map.fd);
        other.data.reuseFd(object.findMap('.data')!.fd);
        other.object.load();
        elements(other.map).key.setUint32(0, 5, true);
        expect([other.map.lookup(0), elements(other.map).value.getBigUint64(0, true)]).toEqual([true, 55n]);
      });
    });
  });

  test.each<readonly [string, string, string]>([
    ['another type', 'table', 'slots'],
    ['another size for a data section', '.data', '.data.custom'],
    ['an ordinary array of another size for a data section', '.data', 'slots'],
  ])('%s is refused', (_, own, others) => {
    withHandles('loaded', ({ object }) => {
      const fd = object.findMap(others)!.fd;
      withHandles('open', (other) => {
        expect(thrownBy(() => other.object.findMap(own)!.reuseFd(fd))).toBeInstanceOf(ArgumentError);
        other.object.load();
      });
    });
  });

  test('a file that is no map is refused', () => {
    withHandles('open', ({ map }) => {
      expect(thrownBy(() => map.reuseFd(0))).toHaveProperty('code', 'EINVAL');
    });
  });

  test('a subskeleton over a reused section: an error, where libbpf follows a null pointer', () => {
    // The donor's BTF is large, so that its type ids lie beyond the reusing object's.
    const types = Array.from(
      { length: 200 },
      (_, i) => `struct s${String(i)} { int a; } v${String(i)};`,
    ).join('\n');
    const licence = 'char LICENSE[] __attribute__((section("license"))) = "GPL";';
    const program = '__attribute__((section("syscall"))) int p(void *c) { return used; }';
    const donor = compileBpfSource(`int used = 1;\n${types}\n${program}\n${licence}`, 'donor');
    const user = compileBpfSource(`int used = 1;\n${program}\n${licence}`, 'user');
    const addon = loadAddon();
    using(addon.openFile(donor, {}), (first) => {
      first.load();
      using(addon.openFile(user, {}), (second) => {
        const data = second.findMap('.data')!;
        data.reuseFd(first.findMap('.data')!.fd);
        const request = { name: 'x', maps: ['.data'], programs: [], variables: [{ name: 'used', map: 0 }] };
        expect(thrownBy(() => second.openSubskeleton(request))).toHaveProperty('code', 'EINVAL');
      });
    });
  });
});

describe('subskeletons', () => {
  const request = {
    name: 'lib',
    maps: ['.data', '.data.custom', '.bss', '.rodata', '.kconfig', 'table'],
    programs: ['run'],
    variables: [
      { name: 'calls', map: 0 },
      { name: 'first', map: 1 },
      { name: 'tail', map: 1 },
      { name: 'total', map: 2 },
      { name: 'step', map: 3 },
      { name: 'LINUX_KERNEL_VERSION', map: 4 },
      { name: 'nowhere', map: 1 },
    ],
  };

  test.each(['open', 'loaded'] as const)('libbpf finds the variables of an object that is %s', (state) => {
    withHandles(state, ({ object }) => {
      expect([...object.openSubskeleton(request).offsets]).toEqual([0, 0, 4, 0, 0, 0, -1]);
      expect([...object.openSubskeleton(request).offsets]).toEqual([0, 0, 4, 0, 0, 0, -1]);
    });
  });

  test('a variable of a map without section is an error', () => {
    withHandles('open', ({ object }) => {
      const wrong = { ...request, variables: [{ name: 'calls', map: 5 }] };
      expect(thrownBy(() => object.openSubskeleton(wrong))).toHaveProperty('code', 'EINVAL');
    });
  });
});

test('struct_ops are for struct_ops maps', () => {
  withHandles('loaded', ({ map }) => {
    expect(thrownBy(() => map.attachStructOps())).toHaveProperty('code', 'EINVAL');
    expect(thrownBy(() => map.reuseFd(map.fd))).not.toBeInstanceOf(UnsupportedError);
  });
});
