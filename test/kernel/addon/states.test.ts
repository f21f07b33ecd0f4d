/** Each method of each native handle in each state: a value, or the error of the right class; never a crash. */
import {
  AlreadyLoadedError,
  ArgumentError,
  BpfError,
  ClosedError,
  NotLoadedError,
  SubskelError,
  UnsupportedError,
} from '../../../lib/errors';
import { loadAddon } from '../../../lib/native/load/load';
import type { State } from '../../support/native';
import { type Handles, thrownBy, withHandles } from '../../support/native';

type ErrorClass = abstract new (...args: never[]) => Error;
/** What open, loaded and closed give: a value (any), an error class, or an errno name. */
type Row = readonly [
  method: string,
  call: (handles: Handles) => unknown,
  open: Expected,
  loaded: Expected,
  closed: Expected,
];
type Expected = 'ok' | ErrorClass | `E${string}`;

/** bpf_object__prepare came with libbpf 1.6. */
const CAN_PREPARE = Number(loadAddon().libbpfVersion.split('.')[1]) >= 6;

const STATES: readonly State[] = ['open', 'loaded', 'closed'];

const OBJECT: readonly Row[] = [
  ['name', ({ object }) => object.name, 'ok', 'ok', ClosedError],
  ['loaded', ({ object }) => object.loaded, 'ok', 'ok', ClosedError],
  ['failed', ({ object }) => object.failed, 'ok', 'ok', ClosedError],
  [
    'prepare',
    ({ object }) => object.prepare(),
    CAN_PREPARE ? 'ok' : UnsupportedError,
    CAN_PREPARE ? AlreadyLoadedError : UnsupportedError,
    ClosedError,
  ],
  ['load', ({ object }) => object.load(), 'ok', AlreadyLoadedError, ClosedError],
  ['close', ({ object }) => object.close(), 'ok', 'ok', 'ok'],
  ['btf', ({ object }) => object.btf(), 'ok', 'ok', ClosedError],
  ['btfFd', ({ object }) => object.btfFd(), 'ok', 'ok', ClosedError],
  ['maps', ({ object }) => object.maps(), 'ok', 'ok', ClosedError],
  ['hasTypedRecords', ({ object }) => object.hasTypedRecords(), 'ok', 'ok', ClosedError],
  ['programs', ({ object }) => object.programs(), 'ok', 'ok', ClosedError],
  ['findMap', ({ object }) => object.findMap('table'), 'ok', 'ok', ClosedError],
  ['findProgram', ({ object }) => object.findProgram('run'), 'ok', 'ok', ClosedError],
  [
    'openSubskeleton',
    ({ object }) => object.openSubskeleton({ name: 'x', maps: ['.data'], programs: [], variables: [] }),
    'ok',
    'ok',
    ClosedError,
  ],
];

const MAP_GETTERS = [
  'name',
  'section',
  'type',
  'keySize',
  'valueSize',
  'maxEntries',
  'flags',
  'extra',
  'numaNode',
  'btfKeyTypeId',
  'btfValueTypeId',
  'fd',
  'pinned',
  'pinPath',
  'autocreate',
  'autoattach',
] as const;
const MAP: readonly Row[] = [
  ...MAP_GETTERS.map((name): Row => [name, ({ map }) => map[name], 'ok', 'ok', ClosedError]),
  ['setAutocreate', ({ map }) => map.setAutocreate(false), 'ok', AlreadyLoadedError, ClosedError],
  ['setAutoattach', ({ map }) => map.setAutoattach(true), 'EINVAL', 'EINVAL', ClosedError],
  ['attachStructOps', ({ map }) => map.attachStructOps(), NotLoadedError, 'EINVAL', ClosedError],
  ['structOpsImage', ({ map }) => map.structOpsImage(), ArgumentError, ArgumentError, ClosedError],
  [
    'setStructOpsImage',
    ({ map }) => map.setStructOpsImage(new Uint8Array(8)),
    ArgumentError,
    AlreadyLoadedError,
    ClosedError,
  ],
  ['structOpsFunctions', ({ map }) => map.structOpsFunctions(), ArgumentError, ArgumentError, ClosedError],
  [
    'setStructOpsProgram',
    ({ map }) => map.setStructOpsProgram(0, null),
    ArgumentError,
    AlreadyLoadedError,
    ClosedError,
  ],
  ['setType', ({ map }) => map.setType(1), 'ok', AlreadyLoadedError, ClosedError],
  ['setKeySize', ({ map }) => map.setKeySize(4), 'ok', AlreadyLoadedError, ClosedError],
  ['setFlags', ({ map }) => map.setFlags(1), 'ok', AlreadyLoadedError, ClosedError],
  ['setExtra', ({ map }) => map.setExtra(1n), 'ok', AlreadyLoadedError, ClosedError],
  ['setNumaNode', ({ map }) => map.setNumaNode(0), 'ok', AlreadyLoadedError, ClosedError],
  ['setMaxEntries', ({ map }) => map.setMaxEntries(9), 'ok', AlreadyLoadedError, ClosedError],
  ['setValueSize', ({ map }) => map.setValueSize(16), 'ok', AlreadyLoadedError, ClosedError],
  ['initialValue', ({ data }) => data.initialValue(), 'ok', 'ok', ClosedError],
  [
    'setInitialValue',
    ({ data }) => data.setInitialValue(new Uint8Array(4)),
    'ok',
    AlreadyLoadedError,
    ClosedError,
  ],
  ['arenaMemory', ({ map }) => map.arenaMemory(), ArgumentError, ArgumentError, ClosedError],
  ['pin', ({ map }) => map.pin('/proc/self/nowhere/pin'), NotLoadedError, BpfError, ClosedError],
  ['setPinPath', ({ map }) => map.setPinPath(''), 'ok', AlreadyLoadedError, ClosedError],
  ['pin without a path', ({ map }) => map.pin(), NotLoadedError, 'EINVAL', ClosedError],
  ['unpin', ({ map }) => map.unpin('/proc/self/nowhere/pin'), BpfError, BpfError, ClosedError],
  ['unpin without a path', ({ map }) => map.unpin(), 'EINVAL', 'EINVAL', ClosedError],
  ['reuseFd', ({ map }) => map.reuseFd(1_000_000), 'EBADF', AlreadyLoadedError, ClosedError],
  ['freeze', ({ map }) => map.freeze(), NotLoadedError, 'ok', ClosedError],
  [
    'setInnerMap',
    ({ map, elements }) => elements && map.setInnerMap(elements),
    'ok',
    AlreadyLoadedError,
    ClosedError,
  ],
  ['elements', ({ map }) => map.elements(), NotLoadedError, 'ok', ClosedError],
];

const PROGRAM_GETTERS = [
  'name',
  'section',
  'type',
  'expectedAttachType',
  'flags',
  'logLevel',
  'instructionCount',
  'autoload',
  'autoattach',
  'fd',
] as const;
const PROGRAM: readonly Row[] = [
  ...PROGRAM_GETTERS.map((name): Row => [name, ({ program }) => program[name], 'ok', 'ok', ClosedError]),
  ['setAutoload', ({ program }) => program.setAutoload(false), 'ok', AlreadyLoadedError, ClosedError],
  ['setType', ({ program }) => program.setType(31), 'ok', AlreadyLoadedError, ClosedError],
  [
    'setExpectedAttachType',
    ({ program }) => program.setExpectedAttachType(0),
    'ok',
    AlreadyLoadedError,
    ClosedError,
  ],
  ['setInterface', ({ program }) => program.setInterface(0), 'ok', AlreadyLoadedError, ClosedError],
  ['setFlags', ({ program }) => program.setFlags(0), 'ok', AlreadyLoadedError, ClosedError],
  ['setLogLevel', ({ program }) => program.setLogLevel(1), 'ok', AlreadyLoadedError, ClosedError],
  ['setLogBuffer', ({ program }) => program.setLogBuffer(4096), 'ok', AlreadyLoadedError, ClosedError],
  ['log', ({ program }) => program.log(), 'ok', 'ok', ClosedError],
  ['instructions', ({ program }) => program.instructions(), 'ok', 'ok', ClosedError],
  [
    'setAttachTarget',
    ({ program }) => program.setAttachTarget(undefined, 'no_such_function'),
    BpfError,
    AlreadyLoadedError,
    ClosedError,
  ],
  ['code', ({ program }) => program.code(), NotLoadedError, 'ok', ClosedError],
  ['info', ({ program }) => program.info(), NotLoadedError, 'ok', ClosedError],
  [
    'attachWith trace',
    ({ program }) => program.attachWith('trace', {}),
    NotLoadedError,
    BpfError,
    ClosedError,
  ],
  [
    'attachWith target',
    ({ program }) => program.attachWith('target', { target: 1_000_000 }),
    NotLoadedError,
    BpfError,
    ClosedError,
  ],
  ['pin', ({ program }) => program.pin('/proc/self/nowhere/pin'), NotLoadedError, BpfError, ClosedError],
  ['unpin', ({ program }) => program.unpin('/proc/self/nowhere/pin'), NotLoadedError, BpfError, ClosedError],
  // It belongs to its object.
  ['close', ({ program }) => program.close(), UnsupportedError, UnsupportedError, ClosedError],
  ['setAutoattach', ({ program }) => program.setAutoattach(false), 'ok', 'ok', ClosedError],
  // A syscall program has nothing to be attached to.
  ['attach', ({ program }) => program.attach(), NotLoadedError, 'EOPNOTSUPP', ClosedError],
  [
    'testRun',
    ({ program }) => program.testRun({ context: new Uint8Array(8) }),
    NotLoadedError,
    'ok',
    ClosedError,
  ],
];

const LINK: readonly Row[] = [
  ['fd', ({ link }) => link?.fd, 'ok', 'ok', 'ok'],
  ['destroyed', ({ link }) => link?.destroyed, 'ok', 'ok', 'ok'],
  ['pinPath', ({ link }) => link?.pinPath, 'ok', 'ok', 'ok'],
  ['info', ({ link }) => link?.info(), 'ok', 'ok', ClosedError],
  ['updateProgram', ({ link, program }) => link?.updateProgram(program.fd), 'ok', BpfError, ClosedError],
  ['updateMap', ({ link, map }) => link?.updateMap(map), 'ok', ArgumentError, ClosedError],
  ['iterate', ({ link }) => link?.iterate(), 'ok', 'EINVAL', ClosedError],
  ['detach', ({ link }) => link?.detach(), 'ok', 'EOPNOTSUPP', ClosedError],
  ['destroy', ({ link }) => link?.destroy(), 'ok', 'ok', 'ok'],
  ['pin', ({ link }) => link?.pin('/proc/self/nowhere/pin'), 'ok', BpfError, ClosedError],
  ['unpin', ({ link }) => link?.unpin(), 'ok', 'EINVAL', ClosedError],
];

const NONE = new Uint8Array(0);
const ELEMENTS: readonly Row[] = [
  ['fd', ({ elements }) => elements?.fd, 'ok', 'ok', 'ok'],
  ['closed', ({ elements }) => elements?.closed, 'ok', 'ok', 'ok'],
  ['layout', ({ elements }) => elements?.layout(), 'ok', 'ok', 'ok'],
  ['memory', ({ elements }) => elements?.memory(), 'ok', 'ok', 'ok'],
  ['runner', ({ elements }) => elements?.runner()(), 'ok', 'ok', 'ok'],
  ['info', ({ elements }) => elements?.info(), 'ok', 'ok', ClosedError],
  ['btf', ({ elements }) => elements?.btf(), 'ok', 'ok', ClosedError],
  ['freeze', ({ elements }) => elements?.freeze(), 'ok', 'ok', ClosedError],
  ['pin', ({ elements }) => elements?.pin('/proc/self/nowhere/pin'), 'ok', BpfError, ClosedError],
  ['close', ({ elements }) => elements?.close(), 'ok', 'ok', 'ok'],
  [
    'lookupBatch',
    ({ elements }) => elements?.lookupBatch(true, false, 0, new Uint8Array(8), NONE, NONE),
    'ok',
    'ok',
    ClosedError,
  ],
  ['updateBatch', ({ elements }) => elements?.updateBatch(0, 0, NONE, NONE), 'ok', 'ok', ClosedError],
  ['deleteBatch', ({ elements }) => elements?.deleteBatch(0, NONE), 'ok', 'ok', ClosedError],
];

function expectOutcome(call: () => unknown, expected: Expected): void {
  if (expected === 'ok') {
    expect(call).not.toThrow();
    return;
  }
  const error = thrownBy(call);
  expect(error).toHaveProperty('code');
  if (typeof expected === 'string') {
    expect(error).toBeInstanceOf(BpfError);
    expect(error.code).toBe(expected);
  } else {
    expect(error).toBeInstanceOf(expected);
  }
  expect(error.message).not.toBe('');
}

describe.each([
  ['NativeObject', OBJECT],
  ['NativeMap', MAP],
  ['NativeProgram', PROGRAM],
  ['NativeLink', LINK],
  ['NativeElements', ELEMENTS],
])('%s', (_, rows) => {
  test.each(rows.flatMap((row) => STATES.map((state, i) => [row[0], state, row[1], row[i + 2] as Expected])))(
    '%s when %s',
    (_method, state, call, expected) => {
      withHandles(state as State, (handles) => {
        expectOutcome(() => (call as Row[1])(handles), expected as Expected);
      });
    },
  );

  test('every member is in the table', () => {
    withHandles('loaded', ({ object, map, program, link, elements }) => {
      const handle = {
        NativeObject: object,
        NativeMap: map,
        NativeProgram: program,
        NativeLink: link,
        NativeElements: elements,
      }[_];
      const members = Object.getOwnPropertyNames(Object.getPrototypeOf(handle)).filter(
        (name) => name !== 'constructor',
      );
      const tabled = new Set(rows.map(([name]) => name.split(' ')[0]));
      expect(members.filter((name) => !tabled.has(name))).toEqual([]);
    });
  });
});

describe('a load that failed', () => {
  test('leaves an object that can only be looked at and closed', () => {
    withHandles('open', ({ object, map, program }) => {
      map.setMaxEntries(0);
      expect(thrownBy(() => object.load())).toBeInstanceOf(BpfError);
      expect(object.loaded).toBe(false);
      expect([map.fd, program.fd]).toEqual([-1, -1]);
      for (const call of [() => object.load(), () => map.setMaxEntries(4)]) {
        expect(thrownBy(call)).toBeInstanceOf(AlreadyLoadedError);
      }
      for (const call of [() => map.elements(), () => map.freeze(), () => program.attach()]) {
        expect(thrownBy(call)).toBeInstanceOf(NotLoadedError);
      }
    });
  });
});

describe('prepare, then load', () => {
  test('maps are there in between, programs only afterwards', () => {
    withHandles('open', ({ object, map, program }) => {
      if (!CAN_PREPARE) return;
      object.prepare();
      expect(object.loaded).toBe(false);
      expect(map.fd).toBeGreaterThan(0);
      expect(map.elements().fd).toBeGreaterThan(0);
      expect(thrownBy(() => program.attach())).toBeInstanceOf(NotLoadedError);
      expect(thrownBy(() => program.setAutoload(false))).toBeInstanceOf(AlreadyLoadedError);
      expect(thrownBy(() => object.prepare())).toBeInstanceOf(AlreadyLoadedError);
      object.load();
      expect(object.loaded).toBe(true);
      expect(program.fd).toBeGreaterThan(0);
    });
  });
});

describe('links', () => {
  test('belong to their object: close() destroys them, and destroy() takes them out', () => {
    withHandles('loaded', ({ object, link }) => {
      const second = object.findProgram('on_enter')!.attach();
      expect([link!.fd, second.fd].every((fd) => fd >= 0)).toBe(true);
      second.destroy();
      expect(second.fd).toBe(-1);
      expect(() => second.destroy()).not.toThrow();
      expect(thrownBy(() => second.detach())).toBeInstanceOf(ClosedError);
      object.close();
      expect(link!.fd).toBe(-1);
      expect(() => link!.destroy()).not.toThrow();
    });
  });
});

test('errors know their call: class, code, syscall, subject and log', () => {
  withHandles('open', ({ object }) => {
    const error = thrownBy(() =>
      object.openSubskeleton({ name: 'lib', maps: ['nowhere'], programs: [], variables: [] }),
    );
    expect(error).toBeInstanceOf(SubskelError);
    expect(error).toMatchObject({ code: 'ESRCH', errno: 3, syscall: 'bpf_object__open_subskeleton' });
    expect(error.message).toContain("open subskeleton 'lib' on object 'addon'");
    expect(error.log).toContain("failed to find skeleton map 'nowhere'");
    expect(thrownBy(() => object.findMap('a\0b'))).toBeInstanceOf(ArgumentError);
  });
});
