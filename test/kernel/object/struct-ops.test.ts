/** Members of struct_ops maps, set before load: by value, and functions by program. Nothing here selects the congestion control. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  AlreadyLoadedError,
  ArgumentError,
  BpfObject,
  ClosedError,
  NotLoadedError,
  defineSkeleton,
  describe as describeObject,
  openSubskeleton,
  ValueRangeError,
  type BpfLink,
  type Skeleton,
  type StructOps,
} from '../../../lib';
import { loadAddon } from '../../../lib/native/load/load';
import type { NativeMap } from '../../../lib/native/surface/map';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';
import { testRegistered } from '../../support/struct-ops';

interface Ops {
  ssthresh: bigint;
  cong_avoid: bigint;
  undo_cwnd: bigint;
  init: bigint;
  name: string;
  owner: bigint;
  key: number;
  flags: number;
}
const NAME = `subskel_${process.pid}`;
const registered = (): string[] =>
  readFileSync('/proc/sys/net/ipv4/tcp_available_congestion_control', 'utf8').trim().split(' ');

function withOps(use: (ops: StructOps<Ops>, object: BpfObject) => void): void {
  const object = BpfObject.open(compileBpf('struct_ops'));
  try {
    use(object.structOps.get('ops') as StructOps<Ops>, object);
  } finally {
    object.close();
  }
}

const plain = (ops: StructOps<Ops>): unknown => {
  const { name, ...rest } = ops.get() as any;
  return { ...rest, name: name.string };
};

const INITIAL = {
  ssthresh: 'first_ssthresh',
  cong_avoid: 'avoid',
  undo_cwnd: 'undo',
  init: 'start',
  name: 'subskel_unset',
  owner: 0n,
  key: 0,
  flags: 0,
};

test('what the source says, functions by the name of their program', () => {
  withOps((ops, object) => {
    expect([...object.structOps.keys()]).toEqual(['ops', 'spare']);
    expect(ops.name).toBe('ops');
    expect(ops.map).toBe(object.map('ops'));
    expect(plain(ops)).toEqual(INITIAL);
    // A number in a function's place is no program, and is not followed.
    expect(object.structOps.get('spare')!.get()).toMatchObject({ ssthresh: null, undo_cwnd: 'undo' });
  });
});

testRegistered('set before load: the kernel registers what was set, with the other program', () => {
  withOps((ops, object) => {
    ops.set({ name: NAME, flags: 2, ssthresh: object.program('second_ssthresh'), init: null });
    expect(plain(ops)).toEqual({
      ...INITIAL,
      name: NAME,
      flags: 2,
      ssthresh: 'second_ssthresh',
      init: null,
    });
    object.load();
    const programs = [...object.programs.values()].filter(({ fd }) => fd >= 0).map(({ name }) => name);
    expect(programs.sort()).toEqual(['avoid', 'other', 'second_ssthresh', 'undo']);
    expect(plain(ops)).toMatchObject({ name: NAME, ssthresh: 'second_ssthresh', init: null });

    expect(registered()).not.toContain(NAME);
    const link = ops.attach();
    expect(registered()).toContain(NAME);
    link.close();
    expect(registered()).not.toContain(NAME);
  });
});

describe('update', () => {
  const programOf = (link: BpfLink): number => {
    const info = link.info();
    return info.type === 'struct_ops' ? info.mapId : 0;
  };

  testRegistered('puts another variable in the place of the one that is registered', () => {
    withOps((ops, object) => {
      withOps((other, second) => {
        for (const each of [ops, other]) each.set({ name: NAME, key: 0 });
        object.load();
        const link = ops.attach();
        const first = programOf(link);
        expect(() => other.update(link)).toThrow(NotLoadedError);
        second.load();
        other.update(link);
        expect(programOf(link)).not.toBe(first);
        expect(link.target).toBe(other.map);
        second.close();
        expect(registered()).toContain(NAME);
        link.close();
        expect(registered()).not.toContain(NAME);
        expect(() => ops.update(link)).toThrow(ClosedError);
      });
    });
  });

  testRegistered('of what is no link of struct_ops, or by what makes none', () => {
    withOps((ops, object) => {
      ops.set({ name: NAME });
      object.load();
      const plain = BpfObject.open(compileBpf('addon'));
      plain.load();
      const link = plain.program('on_enter').attach();
      expect(thrownBy(() => ops.update(link))).toBeInstanceOf(ArgumentError);
      expect(thrownBy(() => ops.update({} as never))).toBeInstanceOf(ArgumentError);
      plain.close();
      expect(registered()).not.toContain(NAME);
    });
  });
});

test('attach: by the map of this object, not by one of another that has its name', () => {
  withOps((_, object) => {
    withOps((__, other) => {
      const error = thrownBy(() => object.attachStructOps(other.map('ops')));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch(/map must be a map of object 'struct_ops', not/);
    });
  });
});

test('by name; undefined leaves a member as it is', () => {
  withOps((ops) => {
    ops.set({ ssthresh: 'second_ssthresh', init: undefined, key: undefined });
    ops.set({});
    expect(plain(ops)).toEqual({ ...INITIAL, ssthresh: 'second_ssthresh' });
    ops.set({ ssthresh: null });
    ops.set({ ssthresh: 'first_ssthresh' });
    expect(plain(ops)).toEqual(INITIAL);
  });
});

test('what the kernel does not take is its error, with the log', () => {
  withOps((ops, object) => {
    ops.set({ init: 'avoid' });
    const error = thrownBy(() => object.load());
    expect(error).toMatchObject({ code: 'EINVAL', syscall: 'bpf_object__load' });
    expect(error.log).toMatch(/invalid reuse of prog avoid/);
  });
});

describe('what is refused changes nothing', () => {
  const cases: [string, (other: BpfObject) => unknown, unknown, RegExp][] = [
    ['no object', () => 5, ArgumentError, /members of struct_ops 'ops' must be an object, not 5/],
    [
      'a member that is not there',
      () => ({ key: 1, flag: 2 }),
      ArgumentError,
      /struct_ops 'ops', \.flag: .* no such member \(did you mean 'flags'\?\)/,
    ],
    [
      'a value that does not fit',
      () => ({ key: 1, flags: 2 ** 32 }),
      ValueRangeError,
      /struct_ops 'ops', \.flags: 4294967296/,
    ],
    [
      'a name that is too long',
      () => ({ key: 1, name: 'x'.repeat(17) }),
      ValueRangeError,
      /\.name: .* takes 17 bytes, there are 16/,
    ],
    [
      'an address as function',
      () => ({ key: 1, init: 0x1234n }),
      ArgumentError,
      /struct_ops 'ops', \.init must be a BpfProgram/,
    ],
    [
      'an address as pointer',
      () => ({ key: 1, owner: 0x1234n }),
      ArgumentError,
      /\.owner is a pointer, and no function/,
    ],
    [
      'a program that is not there',
      () => ({ key: 1, init: 'starts' }),
      ArgumentError,
      /no program 'starts' \(did you mean 'start'\?\)/,
    ],
    [
      'a program of another type',
      () => ({ key: 1, init: 'other' }),
      ArgumentError,
      /'other' is no struct_ops program/,
    ],
    [
      'a program of another object',
      (other) => ({ key: 1, init: other.program('start') }),
      ArgumentError,
      /is of another object/,
    ],
  ];
  test.each(cases)('%s', (_, members, Class, message) => {
    withOps((ops) => {
      withOps((__, other) => {
        const error = thrownBy(() => ops.set(members(other) as never));
        expect(error).toBeInstanceOf(Class);
        expect(error.message).toMatch(message);
      });
      expect(plain(ops)).toEqual(INITIAL);
    });
  });
});

for (const operation of ['prepare', 'load'] as const) {
  testRegistered(`after ${operation}() it is too late; after close() it is gone`, () => {
    withOps((ops, object) => {
      object[operation]();
      expect(() => ops.set({ flags: 2 })).toThrow(AlreadyLoadedError);
      expect(plain(ops)).toEqual(INITIAL);
      object.close();
      expect(() => ops.set({ flags: 2 })).toThrow(ClosedError);
      expect(() => ops.get()).toThrow(ClosedError);
      expect(() => ops.attach()).toThrow(ClosedError);
    });
  });
}

testRegistered('a subskeleton has them, and attaches what is its own', () => {
  const file = compileBpf('struct_ops');
  const whole = describeObject(file, { name: 'ops' });
  const ofTheLibrary = (name: string): boolean => name === 'ops';
  const object = BpfObject.open(file);
  try {
    const library = openSubskeleton(object, {
      ...whole,
      structOps: whole.structOps.filter(({ name }) => ofTheLibrary(name)),
    });
    expect(Object.keys(library.structOps)).toEqual(['ops']);
    library.structOps['ops']!.set({ name: NAME, flags: 0 });
    object.load();
    library.attach();
    expect(registered()).toContain(NAME);
    expect(library.links['ops']).toBe(object.links[0]);
    library.detach();
    expect(registered()).not.toContain(NAME);
    const renamed = whole.structOps.map((variable) => ({ ...variable, name: `${variable.name}_2` }));
    expect(() => openSubskeleton(object, { ...whole, structOps: renamed })).toThrow(
      /map 'ops_2' is not in the object; link .*\n {2}map 'spare_2' is not in the object; did you mean 'spare'\?/,
    );
  } finally {
    object.close();
  }
});

testRegistered('a skeleton has them, too', () => {
  const file = compileBpf('struct_ops');
  const factory = defineSkeleton<Skeleton>({
    descriptor: describeObject(file, { name: 'ops' }),
    object: { file: path.basename(file), from: file },
  });
  const skeleton = factory.open();
  try {
    skeleton.structOps['ops']!.set({ name: NAME, flags: 0 });
    skeleton.load();
    skeleton.attach();
    expect(registered()).toContain(NAME);
    expect(skeleton.structOps['ops']!.get()).toMatchObject({ init: 'start' });
    skeleton.detach();
    expect(registered()).not.toContain(NAME);
  } finally {
    skeleton.close();
  }
});

describe('the native handle', () => {
  function withMap(use: (map: NativeMap) => void): void {
    const object = loadAddon().openFile(compileBpf('struct_ops'), {});
    try {
      use(object.findMap('ops')!);
    } finally {
      object.close();
    }
  }

  test('addresses neither come out nor go in', () => {
    withMap((map) => {
      const image = map.structOpsImage();
      expect([...image.subarray(0, 32)]).toEqual(Array(32).fill(0));
      const functions = map.structOpsFunctions();
      expect(functions.map(({ offset }) => offset)).toEqual([0, 8, 16, 24]);
      map.setStructOpsImage(new Uint8Array(image.length).fill(0xff));
      expect(map.structOpsFunctions()).toEqual(functions);
      const after = map.structOpsImage();
      expect([...after.subarray(0, 32), ...after.subarray(48, 56)]).toEqual(Array(40).fill(0));
      expect(after[56]).toBe(0xff);
    });
  });

  test.each<[string, (map: NativeMap) => void, RegExp]>([
    ['too few bytes', (map) => map.setStructOpsImage(new Uint8Array(63)), /has 64 bytes, not 63/],
    ['too many', (map) => map.setStructOpsImage(new Uint8Array(65)), /has 64 bytes, not 65/],
    ['no function there', (map) => map.setStructOpsProgram(32, null), /no function at offset 32/],
    ['in the middle of one', (map) => map.setStructOpsProgram(4, 'start'), /no function at offset 4/],
    ['a pointer that is none', (map) => map.setStructOpsProgram(48, null), /no function at offset 48/],
    ['no such program', (map) => map.setStructOpsProgram(0, 'nobody'), /no program 'nobody'/],
    ['a program of another type', (map) => map.setStructOpsProgram(0, 'other'), /no struct_ops program/],
  ])('%s', (_, call, message) => {
    withMap((map) => {
      const error = thrownBy(() => call(map));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch(message);
    });
  });
});
