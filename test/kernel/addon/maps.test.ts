/** Maps below the runtime: elements through the memory shared with the addon, sizes, reuse, and the guards before libbpf. */
import { ArgumentError, BpfError, ClosedError, NotLoadedError, UnsupportedError } from '../../../lib/errors';
import { CONTROL } from '../../../lib/native/surface/elements';
import type { NativeMap } from '../../../lib/native/surface/map';
import type { NativeObject } from '../../../lib/native/surface/object';
import { loadAddon } from '../../../lib/native/load/load';
import { ElementCalls } from '../../../lib/runtime/map/elements/element-calls';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { thrownBy, withHandles } from '../../support/native';

function elements(map: NativeMap): { calls: ElementCalls; key: DataView; value: DataView } {
  const calls = new ElementCalls(map.elements(), map.name, () => map.elements());
  const view = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
    new DataView(buffer, byteOffset, length);
  return { calls, key: view(calls.keyBytes), value: view(calls.valueBytes) };
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
      const { calls, key, value } = elements(map);
      expect(calls.nextKey(true)).toBe(false);
      for (const n of [1, 2, 3, 4]) {
        key.setUint32(0, n, true);
        value.setBigUint64(0, BigInt(n * 100), true);
        calls.update(1);
      }
      expect(thrownBy(() => calls.update(1))).toHaveProperty('code', 'EEXIST');
      key.setUint32(0, 9, true);
      expect(thrownBy(() => calls.update(2))).toHaveProperty('code', 'ENOENT');
      expect(thrownBy(() => calls.update(0))).toHaveProperty('code', 'E2BIG');
      expect(thrownBy(() => calls.update(7))).toHaveProperty('code', 'EINVAL');
      // The upper half of the flags arrives, too.
      expect(thrownBy(() => calls.lookup(2 ** 40))).toHaveProperty('code', 'EINVAL');
      expect(calls.lookup(0)).toBe(false);
      key.setUint32(0, 3, true);
      expect([calls.lookup(0), value.getBigUint64(0, true)]).toEqual([true, 300n]);

      const keys: number[] = [];
      for (let more = calls.nextKey(true); more; more = calls.nextKey(false)) {
        keys.push(key.getUint32(0, true));
      }
      expect(keys.sort()).toEqual([1, 2, 3, 4]);

      key.setUint32(0, 2, true);
      expect([calls.delete(), calls.delete(), calls.lookup(0)]).toEqual([true, false, false]);
      key.setUint32(0, 4, true);
      expect([calls.take(0), value.getBigUint64(0, true), calls.take(0)]).toEqual([true, 400n, false]);
    });
  });

  test('an array: out of range is no such key to read, and an error to write', () => {
    withHandles('loaded', ({ object }) => {
      const { calls, key, value } = elements(object.findMap('slots')!);
      value.setBigUint64(0, 5n, true);
      calls.update(0);
      expect(calls.lookup(0)).toBe(true);
      key.setUint32(0, 2, true);
      expect(calls.lookup(0)).toBe(false);
      expect(thrownBy(() => calls.update(0))).toHaveProperty('code', 'E2BIG');
      expect(thrownBy(() => calls.delete())).toHaveProperty('code', 'EINVAL');
    });
  });

  test('a per-CPU array: one value of 8 bytes for each possible CPU', () => {
    withHandles('loaded', ({ addon, object }) => {
      const { calls, value } = elements(object.findMap('per_cpu')!);
      expect(calls.layout.valueSize).toBe(8 * addon.possibleCpus());
      for (let cpu = 0; cpu < addon.possibleCpus(); cpu++) value.setUint32(cpu * 8, 1000 + cpu, true);
      calls.update(0);
      calls.valueBytes.fill(0);
      expect(calls.lookup(0)).toBe(true);
      // on_enter counts meanwhile, on whatever CPU.
      expect(value.getUint32(0, true)).toBeGreaterThanOrEqual(1000);
    });
  });

  test('a queue: no keys, push, peek and pop', () => {
    withHandles('loaded', ({ object }) => {
      const { calls, value } = elements(object.findMap('queue')!);
      expect(calls.layout.keySize).toBe(0);
      for (const n of [11, 22]) {
        value.setUint32(0, n, true);
        calls.update(0);
      }
      expect([calls.lookup(0), value.getUint32(0, true)]).toEqual([true, 11]);
      expect([calls.take(0), value.getUint32(0, true)]).toEqual([true, 11]);
      expect([calls.take(0), value.getUint32(0, true)]).toEqual([true, 22]);
      expect(calls.take(0)).toBe(false);
      expect(thrownBy(() => calls.nextKey(true))).toHaveProperty('code', 'EOPNOTSUPP');
    });
  });

  test('an operation that does not exist is an error', () => {
    withHandles('loaded', ({ map }) => {
      const native = map.elements();
      const words = new Int32Array(native.memory(), 0, CONTROL.words);
      words[CONTROL.operation] = 99;
      native.runner()();
      expect(words[CONTROL.error]).toBe(22);
    });
  });

  test('detaching the shared memory leaves the map with its own', () => {
    withHandles('loaded', ({ addon, map }) => {
      const memory = map.elements().memory();
      addon.detach(memory, false);
      expect(memory.byteLength).toBe(0);
      expect(elements(map).calls.lookup(0)).toBe(false);
    });
  });

  test('all handles of a map are one: closed by its object, and when another map takes its place', () => {
    withHandles('open', ({ object, map }) => {
      withHandles('loaded', (other) => {
        map.reuseFd(other.map.fd);
        const first = map.elements();
        expect(first.fd).toBe(object.findMap('table')!.elements().fd);
        map.reuseFd(other.map.fd);
        expect(first.fd).toBe(-1);
        const second = map.elements();
        object.load();
        expect(second.fd).toBeGreaterThan(0);
        object.close();
        expect(second.fd).toBe(-1);
        expect(thrownBy(() => second.info())).toBeInstanceOf(ClosedError);
      });
    });
  });

  test('a load that fails closes them', () => {
    withHandles('open', ({ object, map }) => {
      withHandles('loaded', (other) => {
        map.reuseFd(other.map.fd);
        const native = map.elements();
        object.findMap('slots')!.setMaxEntries(0);
        expect(thrownBy(() => object.load())).toBeInstanceOf(BpfError);
        expect(native.fd).toBe(-1);
      });
    });
  });

  test('a map that load() was not to create has no descriptor, and no elements', () => {
    withHandles('open', ({ object }) => {
      const queue = object.findMap('queue')!;
      queue.setAutocreate(false);
      object.load();
      expect(queue.fd).toBe(-1);
      for (const use of [
        () => queue.elements(),
        () => queue.freeze(),
        () => queue.pin('/sys/fs/bpf/nowhere'),
      ]) {
        const error = thrownBy(use);
        expect(error).toBeInstanceOf(NotLoadedError);
        expect(error.message).toContain('autocreate is off');
      }
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
    withHandles('open', ({ addon, object }) => {
      const custom = object.findMap('.data.custom')!;
      if (Number(addon.libbpfVersion.split('.')[1]) < 7) {
        expect(thrownBy(() => custom.setValueSize(4 + 4 * 5000)).message).toMatch(
          /libbpf before 1\.7.*externs/,
        );
        return;
      }
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
      const { calls, key, value } = elements(map);
      key.setUint32(0, 5, true);
      value.setBigUint64(0, 55n, true);
      calls.update(0);
      withHandles('open', (other) => {
        other.map.reuseFd(map.fd);
        other.data.reuseFd(object.findMap('.data')!.fd);
        other.object.load();
        const found = elements(other.map);
        found.key.setUint32(0, 5, true);
        expect([found.calls.lookup(0), found.value.getBigUint64(0, true)]).toEqual([true, 55n]);
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
    withHandles('loaded', ({ program }) =>
      withHandles('open', ({ map }) => {
        for (const fd of [0, program.fd]) {
          expect(thrownBy(() => map.reuseFd(fd)).message).toMatch(/is not a BPF map/);
        }
      }),
    );
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
