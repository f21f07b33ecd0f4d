/** Variables in an arena (kernel 6.9): before load, in libbpf's own mapping of it afterwards, and what is refused. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AlreadyLoadedError,
  BpfObject,
  ClosedError,
  describe as describeObject,
  NotLoadedError,
  openSubskeleton,
  UnsupportedError,
} from '../../../lib';
import { loadAddon } from '../../../lib/native/load/load';
import { arenaObject } from '../../support/arena';
import { thrownBy } from '../../support/native';

/** Hands over an opened object, and closes it. */
function withObject(use: (object: BpfObject, part: any) => void, ...flags: string[]): void {
  const file = arenaObject(...flags);
  const object = BpfObject.open(file);
  try {
    use(object, openSubskeleton(object, describeObject(file)));
  } finally {
    object.close();
  }
}

test('what libbpf says of a subskeleton with arena variables', () => {
  const object = loadAddon().openFile(arenaObject(), {});
  const variables = [{ name: 'requests', map: 0 }];
  const error = thrownBy(() =>
    object.openSubskeleton({ name: 'library', maps: ['arena'], programs: [], variables }),
  );
  expect(error).toMatchObject({ code: 'EINVAL', syscall: 'bpf_object__open_subskeleton' });
  object.close();
});

test('set before load, changed by a BPF program and by JavaScript after it', () => {
  withObject((object, { arena, bss, progs, maps }) => {
    expect([arena.requests.value, arena.node.value.id, arena.table.read()[0]]).toEqual([5n, 7, 11]);
    arena.requests.value = 20n;
    arena.nodes.value.at(2).label.string = 'js';
    const early = arena.table.value as Uint32Array;
    object.load();
    expect(early.length).toBe(0);

    expect(arena.requests.value).toBe(20n);
    expect(progs.run.testRun().retval).toBe(30);
    expect([arena.requests.value, arena.node.value.id, arena.node.value.hits]).toEqual([30n, 8, 30n]);
    expect(arena.nodes.read()[1].hits).toBe(99n);
    expect(arena.nodes.value.at(2).label.string).toBe('js');
    expect((arena.table.value as Uint32Array)[2047]).toBe(12);
    expect(bss.outside.value).toBe(1);

    arena.requests.value = 1000n;
    arena.table.value[0] = 40;
    expect(progs.run.testRun().retval).toBe(1010);
    expect(arena.table.value[2047]).toBe(41);
    expect([arena.requests.section, arena.requests.readonly]).toEqual(['.addr_space.1', false]);
    expect(maps.arena.type).toBe('arena');
  });
});

test('the section of the object, and the map that holds it', () => {
  withObject((object, { maps }) => {
    const section = object.section('.addr_space.1');
    expect([...section].map(({ name }) => name).sort()).toEqual(['node', 'nodes', 'requests', 'table']);
    expect(section.map.name).toBe('arena');
    expect(maps.arena).toBe(section.map);
    expect(maps).not.toHaveProperty('arena_2');
    const { size } = section;
    expect(size).toBeGreaterThan(8192);
    expect(() => section.resize(size + 4)).toThrow(expect.objectContaining({ code: 'EOPNOTSUPP' }));
    object.load();
    expect(section.size).toBe(size);
    expect(() => section.resize(size + 4)).toThrow(AlreadyLoadedError);
  });
});

test('two subskeletons see the same memory; one opened after load sees it, too', () => {
  withObject((object, { arena, progs }) => {
    const descriptor = describeObject(arenaObject());
    const second = openSubskeleton(object, descriptor) as any;
    second.arena.requests.value = 1n;
    expect(arena.requests.value).toBe(1n);
    object.load();
    const third = openSubskeleton(object, descriptor) as any;
    third.arena.requests.value = 2n;
    progs.run.testRun();
    expect([arena, second.arena, third.arena].map(({ requests }) => requests.value)).toEqual([12n, 12n, 12n]);
  });
});

test('atomics, against a program that counts on the same word', () => {
  withObject((object, { arena, progs }) => {
    object.load();
    for (let i = 0; i < 20; i++) {
      arena.requests.atomic.add(1n);
      progs.count.testRun();
    }
    expect(arena.requests.atomic.load()).toBe(5n + 20n * 1001n);
  });
});

test('after prepare() alone libbpf does not say where they are', () => {
  withObject((object, { arena, progs }) => {
    arena.requests.value = 6n;
    object.prepare();
    const error = thrownBy(() => arena.requests.value);
    expect(error).toBeInstanceOf(NotLoadedError);
    expect(error.message).toMatch(/map 'arena'.*known after load\(\)/);
    object.load();
    expect(progs.run.testRun().retval).toBe(16);
    expect(arena.requests.value).toBe(16n);
  });
});

test.each([
  ['nobody has an array of it: the object is gone at once', false],
  ['raw arrays are empty', true],
])('close(): variables throw ClosedError, %s', (_, withArrays) => {
  const fds = (): number => readdirSync('/proc/self/fd').length;
  const before = fds();
  const file = arenaObject();
  const descriptor = describeObject(file);
  const arrays: Uint32Array[] = [];
  // The memory of the next one may lie where that of the one before was.
  for (let i = 0; i < 50; i++) {
    const object = BpfObject.open(file);
    const { arena, progs } = openSubskeleton(object, descriptor) as any;
    object.load();
    progs.run.testRun();
    expect(arena.requests.value).toBe(15n);
    if (withArrays) arrays.push(arena.table.value);
    object.close();
    expect(() => arena.requests.value).toThrow(ClosedError);
    if (!withArrays) expect(fds()).toBe(before);
  }
  expect(arrays.every(({ length }) => length === 0)).toBe(true);
});

describe('an arena at an address of its own (map_extra)', () => {
  // Far from where programs, libraries and AddressSanitizer's shadow are.
  const ADDRESS = '-DARENA_ADDRESS=0x200000000000ull';

  test('is mapped there', () => {
    withObject((object, { arena, progs }) => {
      object.load();
      expect(progs.run.testRun().retval).toBe(15);
      expect(arena.requests.value).toBe(15n);
    }, ADDRESS);
  });

  test.each(['load', 'prepare'] as const)('is refused by %s() where something else is', (operation) => {
    withObject((first, { arena, progs }) => {
      first.load();
      withObject((second) => {
        const error = thrownBy(() => second[operation]());
        expect(error).toBeInstanceOf(UnsupportedError);
        expect(error.message).toMatch(/arena 'arena' wants to be mapped at 0x200000000000 \(map_extra\)/);
      }, ADDRESS);
      expect(progs.run.testRun().retval).toBe(15);
      expect(arena.requests.value).toBe(15n);
    }, ADDRESS);
    withObject((again) => again[operation](), ADDRESS);
  });

  test('a load() that fails gives the addresses back', () => {
    withObject(
      (object) => {
        expect(() => object.load()).toThrow(expect.objectContaining({ code: 'EINVAL' }));
      },
      ADDRESS,
      '-DARENA_FLAGS=(BPF_F_MMAPABLE|1<<30)',
    );
    withObject((object) => object.load(), ADDRESS);
  });
});

test('BPF_F_SEGV_ON_FAULT is refused before libbpf touches the memory', () => {
  withObject((object) => {
    const error = thrownBy(() => object.load());
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.message).toMatch(/arena 'arena' has variables, and BPF_F_SEGV_ON_FAULT/);
  }, '-DARENA_FLAGS=(BPF_F_MMAPABLE|1<<17)');
});

test('an arena that was found pinned is not mapped by libbpf', () => {
  const file = arenaObject('-DARENA_PINNED');
  const pinRootPath = mkdtempSync(path.join(tmpdir(), 'arena-'));
  execFileSync('mount', ['-t', 'bpf', 'bpf', pinRootPath]);
  const first = BpfObject.open(file, { pinRootPath });
  try {
    first.load();
    expect(first.section('.addr_space.1').variables.get('requests')!.read()).toBe(5n);
    const second = BpfObject.open(file, { pinRootPath });
    second.load();
    const error = thrownBy(() => second.section('.addr_space.1').variables.get('requests')!.read());
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.message).toMatch(/was reused, from its pin/);
    second.close();
  } finally {
    first.close();
    execFileSync('umount', [pinRootPath]);
    rmdirSync(pinRootPath);
  }
});

test('an arena that is not created (autocreate) has no variables', () => {
  withObject((object, { arena }) => {
    object.map('arena').autocreate = false;
    for (const program of object.programs.values()) program.autoload = false;
    object.load();
    expect(() => arena.requests.value).toThrow(NotLoadedError);
  });
});

test('the native handle: one buffer at a time, of arenas only', () => {
  const object = loadAddon().openFile(arenaObject(), {});
  const map = object.findMap('arena')!;
  expect(map.initialValue()!.length).toBeGreaterThan(8192);
  expect(thrownBy(() => map.arenaMemory()).message).toMatch(/known after load/);
  object.load();
  expect(map.initialValue()).toBeNull();
  expect(thrownBy(() => object.findMap('.bss')!.arenaMemory()).message).toMatch(/is no arena/);
  const { buffer, readonly } = map.arenaMemory();
  if (buffer === null) throw new Error('no buffer');
  const size = buffer.byteLength;
  expect(readonly).toBe(false);
  expect(thrownBy(() => map.arenaMemory()).message).toMatch(/with another buffer already/);
  // Where the views are gone, the memory can be had again.
  loadAddon().detach(buffer, false);
  expect(map.arenaMemory().buffer?.byteLength).toBe(size);
  object.close();
  expect(thrownBy(() => map.arenaMemory())).toMatchObject({ code: 'ERR_CLOSED' });
});
