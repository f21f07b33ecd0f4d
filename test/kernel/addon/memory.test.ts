/** Mappings of the kernel's maps. (Node 20 cannot move an external buffer to another thread; what happens from 22 on is in test/process.) */
import { readFileSync } from 'node:fs';
import { ArgumentError, ClosedError } from '../../../lib/errors';
import type { NativeAddon } from '../../../lib/native/surface/addon';
import type { NativePages } from '../../../lib/native/surface/handles';
import { loadAddon } from '../../../lib/native/load/load';
import { BpfMap } from '../../../lib/runtime/map/bpf-map';
import { thrownBy, withHandles } from '../../support/native';

const words = (buffer: ArrayBuffer): Uint32Array => new Uint32Array(buffer, 0, buffer.byteLength >> 2);

/** linux/bpf.h */
const BPF_F_RDONLY_PROG = 1 << 7;
const BPF_F_MMAPABLE = 1 << 10;

function mapWritable(addon: NativeAddon, fd: number, length: number): { readonly buffer: ArrayBuffer } {
  const { buffer, readonly, pages } = addon.mapMemory(fd, length);
  if (buffer === null || readonly || pages !== null) throw new Error('not mapped writable');
  return { buffer };
}

test('the kernel and JavaScript see the same memory', () => {
  withHandles('loaded', ({ addon, data, program }) => {
    const { buffer } = mapWritable(addon, data.fd, data.valueSize);
    expect(buffer.byteLength).toBe(4);
    words(buffer)[0] = 100;
    expect(program.testRun({ context: new Uint8Array(8) }).retval).toBe(101);
    expect(words(buffer)[0]).toBe(101);
    expect(Atomics.add(words(buffer), 0, 5)).toBe(101);
    expect(words(buffer)[0]).toBe(106);
  });
});

test.each(['.rodata', '.kconfig'])('%s is read-only, because the kernel says so: a copy', (section) => {
  withHandles('loaded', ({ addon, object }) => {
    const map = object.findMap(section)!;
    const { buffer, readonly, pages } = addon.mapMemory(map.fd, map.valueSize);
    expect([buffer?.byteLength, readonly, pages]).toEqual([map.valueSize, true, null]);
    const bytes = new Uint8Array(buffer!);
    const before = Array.from(bytes);
    // Nobody is to do this, and it would end the process if these were the pages.
    bytes.fill(0xee);
    expect(Array.from(new Uint8Array(addon.mapMemory(map.fd, map.valueSize).buffer!))).toEqual(before);
  });
});

describe('a map that may only be read', () => {
  function readOnly(use: (pages: NativePages, write: (index: number, value: bigint) => void) => void): void {
    // User space may still write it, but by system calls only.
    const map = BpfMap.create<number, bigint>({
      type: 'array',
      value: 'u64',
      maxEntries: 3,
      flags: BPF_F_MMAPABLE | BPF_F_RDONLY_PROG,
    });
    try {
      const { buffer, readonly, pages } = loadAddon().mapMemory(map.fd, 24);
      expect([buffer, readonly]).toEqual([null, true]);
      use(pages!, (index, value) => void map.set(index, value));
    } finally {
      map.close();
    }
  }

  test('is copied as it is at that moment, any part of it', () => {
    readOnly((pages, write) => {
      write(0, 0x0807_0605_0403_0201n);
      write(1, 0x1817_1615_1413_1211n);
      const expected = [1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18];
      for (let from = 0; from < 16; from++) {
        for (let to = from; to <= 16; to++) {
          const copy = new Uint8Array(to - from);
          pages.copy(from, copy);
          expect(Array.from(copy)).toEqual(expected.slice(from, to));
        }
      }
      write(0, 0xffn);
      const copy = new Uint8Array(1);
      pages.copy(0, copy);
      expect(copy[0]).toBe(0xff);
    });
  });

  test('nothing beyond it is copied, and nothing once it is unmapped', () => {
    readOnly((pages) => {
      pages.copy(24, new Uint8Array(0));
      for (const [offset, size] of [
        [25, 0],
        [24, 1],
        [0, 25],
        [Number.MAX_SAFE_INTEGER, 8],
      ] as const) {
        expect(thrownBy(() => pages.copy(offset, new Uint8Array(size)))).toBeInstanceOf(ArgumentError);
      }
      pages.close();
      pages.close();
      expect(thrownBy(() => pages.copy(0, new Uint8Array(1)))).toBeInstanceOf(ClosedError);
    });
  });
});

test('a map that user space has frozen is read-only, too', () => {
  withHandles('loaded', ({ addon, object }) => {
    const map = object.findMap('.data.custom')!;
    mapWritable(addon, map.fd, map.valueSize);
    // Frozen while it is mapped writable, it would not be read-only.
    expect(thrownBy(() => map.freeze())).toHaveProperty('code', 'EBUSY');
  });
});

test('two mappings of one map are independent, and outlive the object', () => {
  const [first, second] = withHandles('loaded', ({ addon, data }) => {
    const mappings = [mapWritable(addon, data.fd, 4), mapWritable(addon, data.fd, 4)];
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
    const { buffer } = mapWritable(addon, data.fd, 4);
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
    const { buffer } = mapWritable(addon, data.fd, 4);
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
    for (let i = 0; i < 1000; i++) addon.detach(mapWritable(addon, data.fd, 4).buffer, false);
    // Node calls finalizers in a later turn.
    for (let turn = 0; turn < 50 && maps() > before; turn++)
      await new Promise((done) => setTimeout(done, 10));
    expect(maps()).toBeLessThanOrEqual(before);
  });
});
