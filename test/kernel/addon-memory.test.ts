/** Mappings of the kernel's maps. (Node 20 cannot move an external buffer to another thread; what happens from 22 on is in test/process.) */
import { readFileSync } from 'node:fs';
import { ArgumentError } from '../../lib/errors';
import { thrownBy, withHandles } from '../support/native';

const words = (buffer: ArrayBuffer): Uint32Array => new Uint32Array(buffer, 0, buffer.byteLength >> 2);

test('the kernel and JavaScript see the same memory', () => {
  withHandles('loaded', ({ addon, data, program }) => {
    const { buffer, readonly } = addon.mapMemory(data.fd, data.valueSize);
    expect([buffer.byteLength, readonly]).toEqual([4, false]);
    words(buffer)[0] = 100;
    expect(program.testRun({ context: new Uint8Array(8) }).retval).toBe(101);
    expect(words(buffer)[0]).toBe(101);
    expect(Atomics.add(words(buffer), 0, 5)).toBe(101);
    expect(words(buffer)[0]).toBe(106);
  });
});

test.each(['.rodata', '.kconfig'])('%s is read-only, because the kernel says so', (section) => {
  withHandles('loaded', ({ addon, object }) => {
    const map = object.findMap(section)!;
    expect(addon.mapMemory(map.fd, map.valueSize).readonly).toBe(true);
  });
});

test('a map that user space has frozen is read-only, too', () => {
  withHandles('loaded', ({ addon, object }) => {
    const map = object.findMap('.data.custom')!;
    const before = addon.mapMemory(map.fd, map.valueSize);
    expect(before.readonly).toBe(false);
    // Frozen while it is mapped writable, it would not be read-only.
    expect(thrownBy(() => map.freeze())).toHaveProperty('code', 'EBUSY');
  });
});

test('two mappings of one map are independent, and outlive the object', () => {
  const [first, second] = withHandles('loaded', ({ addon, data }) => {
    const mappings = [addon.mapMemory(data.fd, 4), addon.mapMemory(data.fd, 4)];
    words(mappings[0]!.buffer)[0] = 77;
    expect(words(mappings[1]!.buffer)[0]).toBe(77);
    addon.detach(mappings[0]!.buffer, false);
    return mappings;
  });
  expect(first!.buffer.byteLength).toBe(0);
  expect(words(second!.buffer)[0]).toBe(77);
});

test('detaching: every view has length 0, and again is fine', () => {
  withHandles('loaded', ({ addon, data }) => {
    const { buffer } = addon.mapMemory(data.fd, 4);
    const view = new Uint32Array(buffer);
    const scope = new DataView(buffer);
    addon.detach(buffer, false);
    addon.detach(buffer, false);
    expect([view.length, view[0], buffer.byteLength]).toEqual([0, undefined, 0]);
    expect(() => scope.getUint32(0)).toThrow(TypeError);
    expect(() => Atomics.load(view, 0)).toThrow();
  });
});

test('Node 20 copies a buffer that is to be moved, and leaves it whole', () => {
  if (!process.version.startsWith('v20.')) return;
  withHandles('loaded', ({ addon, data }) => {
    const { buffer } = addon.mapMemory(data.fd, 4);
    const clone = structuredClone(buffer, { transfer: [buffer] });
    words(buffer)[0] = 12;
    expect([words(clone)[0], words(buffer)[0]]).toEqual([10, 12]);
  });
});

describe('what cannot be mapped', () => {
  test.each([
    ['length 0', '.data', 0, ArgumentError],
    ['more than the map has', '.data', 1 << 20, { code: 'EINVAL' }],
    [
      'more than memory has',
      '.data',
      Number.MAX_SAFE_INTEGER,
      { code: expect.stringMatching(/EINVAL|ENOMEM|EOVERFLOW/) },
    ],
    ['a map without BPF_F_MMAPABLE', 'table', 8, { code: 'ENOTSUPP' }],
  ])('%s', (_, name, length, expected) => {
    withHandles('loaded', ({ addon, object }) => {
      const error = thrownBy(() => addon.mapMemory(object.findMap(name)!.fd, length));
      if (typeof expected === 'function') expect(error).toBeInstanceOf(expected);
      else expect(error).toMatchObject(expected);
    });
  });

  test.each([
    ['an ordinary file', 0],
    ['nothing', 1_000_000],
  ])('a file descriptor of %s', (_, fd) => {
    withHandles('loaded', ({ addon }) => {
      expect(thrownBy(() => addon.mapMemory(fd, 8))).toHaveProperty('syscall', 'bpf_map_get_info_by_fd');
    });
  });
});

test('detach takes array buffers only, and only those that can be detached', () => {
  withHandles('open', ({ addon }) => {
    for (const value of [undefined, {}, new Uint8Array(1), new SharedArrayBuffer(1)]) {
      expect(thrownBy(() => addon.detach(value as never, false))).toBeInstanceOf(ArgumentError);
    }
    const { Memory } = (
      globalThis as unknown as { WebAssembly: { Memory: new (size: object) => { buffer: ArrayBuffer } } }
    ).WebAssembly;
    expect(thrownBy(() => addon.detach(new Memory({ initial: 1 }).buffer, false))).toBeInstanceOf(
      ArgumentError,
    );
  });
});

test('a thousand mappings detached are a thousand mappings less', async () => {
  await withHandles('loaded', async ({ addon, data }) => {
    const maps = (): number => readFileSync('/proc/self/maps', 'utf8').split('bpf-map').length;
    const before = maps();
    for (let i = 0; i < 1000; i++) addon.detach(addon.mapMemory(data.fd, 4).buffer, false);
    // Node calls finalizers in a later turn.
    for (let turn = 0; turn < 50 && maps() > before; turn++)
      await new Promise((done) => setTimeout(done, 10));
    expect(maps()).toBeLessThanOrEqual(before);
  });
});
