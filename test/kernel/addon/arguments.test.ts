/** Wrong receivers and wrong arguments, for every method of the addon: an ArgumentError, and nothing happens. */
import { ArgumentError } from '../../../lib/errors';
import type { NativeAddon } from '../../../lib/native/surface/addon';
import type { NativeElements } from '../../../lib/native/surface/elements';
import { loadAddon } from '../../../lib/native/load/load';
import { BAD, detached, type Kind } from '../../support/bad-arguments';
import { bytesOf, type Handles, thrownBy, withHandles } from '../../support/native';

type Call = (handles: Handles, value: never) => unknown;

type Parameter = readonly [string, Kind, Call];
type LookupArguments = Parameters<NativeElements['lookupBatch']>;

const lookupArguments = (): LookupArguments => [
  true,
  false,
  0,
  new Uint8Array(8),
  new Uint8Array(4),
  new Uint8Array(8),
];

function replaced(list: LookupArguments, index: number, value: unknown): LookupArguments {
  const copy: unknown[] = [...list];
  copy[index] = value;
  return copy as LookupArguments;
}

const TARGET = { programType: 17, attachType: 0, name: 'nothing', sleepable: false, attach: false };

const PARAMETERS: readonly Parameter[] = [
  ['addon.setErrorFactory', 'function', ({ addon }, value) => addon.setErrorFactory(value)],
  ['addon.setLogLevel', 'text', ({ addon }, value) => addon.setLogLevel(value)],
  ['addon.openFile path', 'text', ({ addon }, value) => addon.openFile(value, {})],
  ['addon.openFile options', 'object', ({ addon }, value) => addon.openFile('x', value)],
  ['addon.openMemory bytes', 'bytes', ({ addon }, value) => addon.openMemory(value, {})],
  ['addon.openMemory options', 'object', ({ addon }, value) => addon.openMemory(new Uint8Array(4), value)],
  ['addon.openPidfd pid', 'uint32', ({ addon }, value) => addon.openPidfd(value, false)],
  ['addon.openPidfd thread', 'boolean', ({ addon }, value) => addon.openPidfd(process.pid, value)],
  ['addon.mapMemory fd', 'fd', ({ addon }, value) => addon.mapMemory(value, 8)],
  ['addon.mapMemory length', 'uint53', ({ addon, data }, value) => addon.mapMemory(data.fd, value)],
  ['addon.detach', 'buffer', ({ addon }, value) => addon.detach(value, false)],
  ['addon.detach', 'boolean', ({ addon }, value) => addon.detach(new ArrayBuffer(1), value)],
  ['addon.share', 'fd', ({ addon }, value) => addon.share(value)],
  ['addon.findShared', 'text', ({ addon }, value) => addon.findShared(value)],
  ['addon.link output', 'text', ({ addon }, value) => addon.link(value, [])],
  ['addon.link inputs', 'object', ({ addon }, value) => addon.link('/tmp/never', value)],
  ['addon.nextId kind', 'text', ({ addon }, value) => addon.nextId(value, 0)],
  ['addon.nextId after', 'uint32', ({ addon }, value) => addon.nextId('map', value)],
  ['addon.btfById id', 'uint32', ({ addon }, value) => addon.btfById(value, true)],
  ['addon.btfById withBytes', 'boolean', ({ addon }, value) => addon.btfById(1, value)],
  ['addon.probeProgramType', 'uint32', ({ addon }, value) => addon.probeProgramType(value)],
  ['addon.probeMapType', 'uint32', ({ addon }, value) => addon.probeMapType(value)],
  ['addon.probeHelper type', 'uint32', ({ addon }, value) => addon.probeHelper(value, 1)],
  ['addon.probeHelper helper', 'uint32', ({ addon }, value) => addon.probeHelper(6, value)],
  ['addon.probe', 'text', ({ addon }, value) => addon.probe(value)],
  ['addon.probeTarget', 'object', ({ addon }, value) => addon.probeTarget(value, 'x')],
  [
    'addon.probeTarget type',
    'uint32',
    ({ addon }, value) => addon.probeTarget({ ...TARGET, programType: value }, 'x'),
  ],
  [
    'addon.probeTarget name',
    'text',
    ({ addon }, value) => addon.probeTarget({ ...TARGET, name: value }, 'x'),
  ],
  [
    'addon.probeTarget flag',
    'boolean',
    ({ addon }, value) => addon.probeTarget({ ...TARGET, attach: value }, 'x'),
  ],
  ['addon.probeTarget subject', 'text', ({ addon }, value) => addon.probeTarget(TARGET, value)],
  ['addon.probeKprobe type', 'uint32', ({ addon }, value) => addon.probeKprobe(value, 'x')],
  ['addon.probeKprobe function', 'text', ({ addon }, value) => addon.probeKprobe(0, value)],
  ['addon.queryTaskFd pid', 'int32', ({ addon }, value) => addon.queryTaskFd(value, 0)],
  ['addon.queryTaskFd fd', 'fd', ({ addon }, value) => addon.queryTaskFd(1, value)],
  ['addon.readStream fd', 'fd', ({ addon }, value) => addon.readStream(value, 1, new Uint8Array(8))],
  ['addon.readStream stream', 'uint32', ({ addon }, value) => addon.readStream(0, value, new Uint8Array(8))],
  ['addon.readStream buffer', 'bytes', ({ addon }, value) => addon.readStream(0, 1, value)],
  ['addon.btfDump file', 'text', ({ addon }, value) => addon.btfDump(value, null)],
  ['addon.btfDump base', 'textOrNull', ({ addon }, value) => addon.btfDump('/nonexistent', value)],
  ['object.findMap', 'text', ({ object }, value) => object.findMap(value)],
  ['object.findProgram', 'text', ({ object }, value) => object.findProgram(value)],
  ['object.openSubskeleton', 'object', ({ object }, value) => object.openSubskeleton(value)],
  ['map.setAutocreate', 'boolean', ({ map }, value) => map.setAutocreate(value)],
  ['map.setAutoattach', 'boolean', ({ map }, value) => map.setAutoattach(value)],
  ['map.setType', 'uint32', ({ map }, value) => map.setType(value)],
  ['map.setKeySize', 'uint32', ({ map }, value) => map.setKeySize(value)],
  ['map.setFlags', 'uint32', ({ map }, value) => map.setFlags(value)],
  ['map.setExtra', 'uint64', ({ map }, value) => map.setExtra(value)],
  ['map.setNumaNode', 'uint32', ({ map }, value) => map.setNumaNode(value)],
  ['map.setMaxEntries', 'uint32', ({ map }, value) => map.setMaxEntries(value)],
  ['map.setValueSize', 'uint32', ({ map }, value) => map.setValueSize(value)],
  ['map.setInitialValue', 'bytes', ({ data }, value) => data.setInitialValue(value)],
  ['map.pin', 'optionalText', ({ map }, value) => map.pin(value)],
  ['map.setPinPath', 'text', ({ map }, value) => map.setPinPath(value)],
  ['map.unpin', 'optionalText', ({ map }, value) => map.unpin(value)],
  ['map.reuseFd', 'fd', ({ map }, value) => map.reuseFd(value)],
  ['map.setInnerMap', 'object', ({ map }, value) => map.setInnerMap(value)],
  ['addon.createMap', 'object', ({ addon }, value) => addon.createMap(value)],
  ['addon.openPinnedMap path', 'text', ({ addon }, value) => addon.openPinnedMap(value, 0)],
  ['addon.openPinnedMap flags', 'uint32', ({ addon }, value) => addon.openPinnedMap('/x', value)],
  ['addon.openMapById id', 'uint32', ({ addon }, value) => addon.openMapById(value, 0)],
  ['addon.openMapById flags', 'uint32', ({ addon }, value) => addon.openMapById(1, value)],
  ['addon.openMapByFd', 'fd', ({ addon }, value) => addon.openMapByFd(value)],
  ['elements.pin', 'text', ({ elements }, value) => elements!.pin(value)],
  ...['first', 'remove'].map((name, i): Parameter => [
    `elements.lookupBatch ${name}`,
    'boolean',
    ({ elements }, value) => elements!.lookupBatch(...replaced(lookupArguments(), i, value)),
  ]),
  [
    'elements.lookupBatch flags',
    'uint53',
    ({ elements }, value) => elements!.lookupBatch(...replaced(lookupArguments(), 2, value)),
  ],
  ...['tokens', 'keys', 'values'].map((name, i): Parameter => [
    `elements.lookupBatch ${name}`,
    'bytes',
    ({ elements }, value) => elements!.lookupBatch(...replaced(lookupArguments(), 3 + i, value)),
  ]),
  [
    'elements.updateBatch count',
    'uint32',
    ({ elements }, value) => elements!.updateBatch(value, 0, new Uint8Array(4), new Uint8Array(8)),
  ],
  [
    'elements.updateBatch flags',
    'uint53',
    ({ elements }, value) => elements!.updateBatch(1, value, new Uint8Array(4), new Uint8Array(8)),
  ],
  [
    'elements.updateBatch keys',
    'bytes',
    ({ elements }, value) => elements!.updateBatch(1, 0, value, new Uint8Array(8)),
  ],
  [
    'elements.updateBatch values',
    'bytes',
    ({ elements }, value) => elements!.updateBatch(1, 0, new Uint8Array(4), value),
  ],
  [
    'elements.deleteBatch count',
    'uint32',
    ({ elements }, value) => elements!.deleteBatch(value, new Uint8Array(4)),
  ],
  ['elements.deleteBatch keys', 'bytes', ({ elements }, value) => elements!.deleteBatch(1, value)],
  ['program.setAutoload', 'boolean', ({ program }, value) => program.setAutoload(value)],
  ['program.setAutoattach', 'boolean', ({ program }, value) => program.setAutoattach(value)],
  ['program.testRun', 'object', ({ program }, value) => program.testRun(value)],
  ['program.setType', 'uint32', ({ program }, value) => program.setType(value)],
  ['program.setExpectedAttachType', 'uint32', ({ program }, value) => program.setExpectedAttachType(value)],
  ['program.setInterface', 'uint32', ({ program }, value) => program.setInterface(value)],
  ['program.setFlags', 'uint32', ({ program }, value) => program.setFlags(value)],
  ['program.setLogLevel', 'uint32', ({ program }, value) => program.setLogLevel(value)],
  ['program.setLogBuffer', 'uint32', ({ program }, value) => program.setLogBuffer(value)],
  ['program.pin', 'text', ({ program }, value) => program.pin(value)],
  ['program.unpin', 'text', ({ program }, value) => program.unpin(value)],
  ['program.attachWith kind', 'text', ({ program }, value) => program.attachWith(value, {} as never)],
  ['program.attachWith options', 'object', ({ program }, value) => program.attachWith('trace', value)],
  ['trace cookie', 'uint64', ({ program }, value) => program.attachWith('trace', { cookie: value })],
  ['target', 'fd', ({ program }, value) => program.attachWith('target', { target: value })],
  [
    'uprobeMulti offsets',
    'uint64s',
    ({ program }, value) => program.attachWith('uprobeMulti', { path: 'x', offsets: value }),
  ],
  [
    'netfilter priority',
    'int32',
    ({ program }, value) => program.attachWith('netfilter', { protocolFamily: 2, hook: 1, priority: value }),
  ],
  ['addon.openPinnedProgram', 'text', ({ addon }, value) => addon.openPinnedProgram(value)],
  ['addon.openProgramId', 'uint32', ({ addon }, value) => addon.openProgramId(value)],
  ['addon.openProgramFd', 'fd', ({ addon }, value) => addon.openProgramFd(value)],
  ['addon.openPinnedLink', 'text', ({ addon }, value) => addon.openPinnedLink(value)],
  ['addon.openLinkId', 'uint32', ({ addon }, value) => addon.openLinkId(value)],
  ['addon.openLinkFd', 'fd', ({ addon }, value) => addon.openLinkFd(value)],
  ['addon.interfaceIndex', 'text', ({ addon }, value) => addon.interfaceIndex(value)],
  ['addon.createTcHook', 'object', ({ addon }, value) => addon.createTcHook(value)],
  ['addon.attachTc', 'object', ({ addon }, value) => addon.attachTc({ ifindex: 1, attachPoint: 1 }, value)],
  ['addon.attachXdp', 'fd', ({ addon }, value) => addon.attachXdp(value, 0, 0)],
  ['addon.queryXdp', 'fd', ({ addon }, value) => addon.queryXdp(value)],
  ['addon.attachProgram target', 'fd', ({ addon }, value) => addon.attachProgram(value, 0, 0, 0, 0, 'x')],
  ['addon.attachProgram program', 'fd', ({ addon }, value) => addon.attachProgram(0, value, 0, 0, 0, 'x')],
  ['addon.attachProgram type', 'uint32', ({ addon }, value) => addon.attachProgram(0, 0, value, 0, 0, 'x')],
  ['addon.attachProgram flags', 'uint32', ({ addon }, value) => addon.attachProgram(0, 0, 0, value, 0, 'x')],
  ['addon.attachProgram subject', 'text', ({ addon }, value) => addon.attachProgram(0, 0, 0, 0, 0, value)],
  ['addon.detachProgram target', 'fd', ({ addon }, value) => addon.detachProgram(value, 0, 0, 'x')],
  ['addon.detachProgram program', 'fd', ({ addon }, value) => addon.detachProgram(0, value, 0, 'x')],
  ['addon.detachProgram type', 'uint32', ({ addon }, value) => addon.detachProgram(0, 0, value, 'x')],
  ['addon.detachProgram subject', 'text', ({ addon }, value) => addon.detachProgram(0, 0, 0, value)],
  ['addon.queryPrograms target', 'fd', ({ addon }, value) => addon.queryPrograms(value, 0, 0, false, 'x')],
  ['addon.queryPrograms type', 'uint32', ({ addon }, value) => addon.queryPrograms(0, value, 0, false, 'x')],
  ['addon.queryPrograms flags', 'uint32', ({ addon }, value) => addon.queryPrograms(0, 0, value, false, 'x')],
  [
    'addon.queryPrograms withLinks',
    'boolean',
    ({ addon }, value) => addon.queryPrograms(0, 0, 0, value, 'x'),
  ],
  ['addon.queryPrograms subject', 'text', ({ addon }, value) => addon.queryPrograms(0, 0, 0, false, value)],
  ['addon.openPerfEvent', 'object', ({ addon }, value) => addon.openPerfEvent(value)],
  ['addon.controlPerfEvent fd', 'fd', ({ addon }, value) => addon.controlPerfEvent(value, 'enable')],
  ['addon.controlPerfEvent', 'text', ({ addon }, value) => addon.controlPerfEvent(0, value)],
  ['link.updateProgram', 'fd', ({ link }, value) => link!.updateProgram(value)],
  ['link.updateMap', 'object', ({ link }, value) => link!.updateMap(value)],
  ['link.pin', 'text', ({ link }, value) => link!.pin(value)],
];

describe('wrong arguments', () => {
  test.each(PARAMETERS)('%s takes a %s', (_, kind, call) => {
    withHandles('loaded', (handles) => {
      for (const value of BAD[kind]) {
        const error = thrownBy(() => call(handles, value as never));
        expect({ value, error }).toEqual({ value, error: expect.any(ArgumentError) });
      }
    });
  });

  test.each([
    ['name', 1],
    ['kconfig', {}],
    ['btfCustomPath', 'a\0b'],
    ['pinRootPath', null],
    ['bpfTokenPath', 7],
    ['relaxedMaps', 'yes'],
    ['kernelLogLevel', -1],
  ])('open option %s: %p', (option, value) => {
    const error = thrownBy(() => loadAddon().openFile('/nonexistent', { [option]: value }));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(option);
  });

  test.each(['data', 'dataOut', 'context', 'contextOut', 'repeat', 'flags', 'cpu', 'batchSize'])(
    'testRun option %s',
    (option) => {
      withHandles('loaded', ({ program }) => {
        expect(thrownBy(() => program.testRun({ [option]: 'x' }))).toBeInstanceOf(ArgumentError);
      });
    },
  );

  test.each([
    ['variables', { name: 'x', maps: [], programs: [], variables: 7 }],
    ['variables[0].map', { name: 'x', maps: [], programs: [], variables: [{ name: 'a', map: 0 }] }],
    ['variables[0].name', { name: 'x', maps: ['.data'], programs: [], variables: [{ map: 0 }] }],
    ['maps[1]', { name: 'x', maps: ['.data', 1], programs: [], variables: [] }],
    ['programs', { name: 'x', maps: [], programs: {}, variables: [] }],
  ])('openSubskeleton names %s', (place, request) => {
    withHandles('open', ({ object }) => {
      const error = thrownBy(() => object.openSubskeleton(request as never));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toContain(place);
    });
  });

  test('an exception in a getter of the options comes through, and a close() in it is noticed', () => {
    const boom = new Error('boom');
    expect(
      thrownBy(() =>
        loadAddon().openFile('x', {
          get name(): string {
            throw boom;
          },
        }),
      ),
    ).toBe(boom);
    withHandles('loaded', ({ object, program }) => {
      const closing = {
        get repeat(): number {
          object.close();
          return 1;
        },
        context: new Uint8Array(8),
      };
      expect(thrownBy(() => program.testRun(closing)).message).toContain('closed');
    });
  });

  test('a buffer that a getter detaches is an empty one', () => {
    withHandles('loaded', ({ program }) => {
      const context = new Uint8Array(8);
      const detaching = {
        context,
        get repeat(): number {
          structuredClone(context.buffer, { transfer: [context.buffer] });
          return 0;
        },
      };
      expect(thrownBy(() => program.testRun({ ...detaching, context }))).toHaveProperty('code', 'EINVAL');
    });
  });

  test('detached and resized buffers', () => {
    withHandles('open', ({ addon, data }) => {
      expect(thrownBy(() => data.setInitialValue(detached()))).toHaveProperty('code', 'EINVAL');
      expect(thrownBy(() => addon.openMemory(detached(), {}))).toHaveProperty('code', 'EINVAL');
      const resizable = new (ArrayBuffer as unknown as new (size: number, options: object) => ArrayBuffer)(
        8,
        {
          maxByteLength: 16,
        },
      ) as ArrayBuffer & { resize(size: number): void };
      const view = new Uint8Array(resizable, 0, 8);
      resizable.resize(2);
      expect(thrownBy(() => data.setInitialValue(view))).toHaveProperty('code', 'EINVAL');
      data.setInitialValue(new Uint8Array(new SharedArrayBuffer(4)));
      expect(data.initialValue()).toEqual(new Uint8Array(4));
    });
  });
});

describe('batches', () => {
  test.each([
    ['one key too few', 2, 4, 16],
    ['one value too few', 2, 8, 15],
    ['nothing at all', 1, 0, 0],
    ['as many as there can be', 0xffff_ffff, 8, 16],
  ])('never go beyond their arrays: %s', (_, count, keys, values) => {
    withHandles('loaded', ({ elements }) => {
      const refused = thrownBy(() =>
        elements!.updateBatch(count, 0, new Uint8Array(keys), new Uint8Array(values)),
      );
      expect(refused).toBeInstanceOf(ArgumentError);
      if (keys < count * 4) {
        expect(thrownBy(() => elements!.deleteBatch(count, new Uint8Array(keys)))).toBeInstanceOf(
          ArgumentError,
        );
      }
    });
  });

  test('tokens that are too small are refused, and arrays without room give nothing', () => {
    withHandles('loaded', ({ elements }) => {
      const none = new Uint8Array(0);
      expect(
        thrownBy(() => elements!.lookupBatch(true, false, 0, new Uint8Array(7), none, none)),
      ).toBeInstanceOf(ArgumentError);
      expect(elements!.lookupBatch(true, false, 0, new Uint8Array(8), none, none)).toEqual({
        count: 0,
        errno: 0,
      });
    });
  });
});

describe('wrong receivers', () => {
  const prototypes = (handles: Handles): Record<string, object> => ({
    object: Object.getPrototypeOf(handles.object) as object,
    map: Object.getPrototypeOf(handles.map) as object,
    program: Object.getPrototypeOf(handles.program) as object,
    link: Object.getPrototypeOf(handles.link) as object,
    elements: Object.getPrototypeOf(handles.elements) as object,
  });

  test.each(['object', 'map', 'program', 'link', 'elements'] as const)(
    'every member of %s refuses other objects',
    (kind) => {
      withHandles('loaded', (handles) => {
        const { object, map, program, link, elements } = handles;
        const own = handles[kind]!;
        const others = [object, map, program, link!, elements!].filter((handle) => handle !== own);
        const strangers: unknown[] = [
          ...others,
          {},
          null,
          undefined,
          1,
          'x',
          [],
          new Proxy(own, {}),
          Object.create(own),
          prototypes(handles)[kind],
          handles.addon,
          new Map(),
        ];
        const members = Object.entries(Object.getOwnPropertyDescriptors(prototypes(handles)[kind]!));
        for (const [name, descriptor] of members.filter(([key]) => key !== 'constructor')) {
          const member = (descriptor.get ?? descriptor.value) as (...args: unknown[]) => unknown;
          for (const stranger of strangers) {
            const error = thrownBy(() => member.call(stranger));
            expect({ name, type: error.name }).toEqual({
              name,
              type: expect.stringMatching(/^(ArgumentError|TypeError)$/),
            });
          }
        }
      });
    },
  );

  test.each(['object', 'map', 'program', 'link', 'elements'] as const)(
    'the class of %s cannot be constructed',
    (kind) => {
      withHandles('loaded', (handles) => {
        const Class = (handles[kind] as object).constructor as new (...args: unknown[]) => object;
        for (const construct of [
          () => new Class(),
          () => (Class as unknown as () => unknown)(),
          () => Reflect.construct(Class, [handles.object]),
          () => Reflect.construct(Object, [], Class) as object & { close?: () => void },
        ]) {
          // The last one makes an object of our prototype without a handle: its methods refuse it.
          const attempt = (): void => {
            const made = construct() as Record<string, unknown>;
            const fd: unknown = made['fd'];
            if (fd === undefined) (made['close'] as () => void)();
          };
          expect(thrownBy(attempt).name).toMatch(/^(ArgumentError|TypeError)$/);
        }
        class Derived extends Class {}
        expect(thrownBy(() => new Derived())).toBeInstanceOf(ArgumentError);
      });
    },
  );
});

describe('bytes that are no object', () => {
  const whole = bytesOf('addon');
  test.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', whole.slice(0, 1)],
    ['the ELF header alone', whole.slice(0, 64)],
    ['half of it', whole.slice(0, whole.length >> 1)],
    ['all but the end', whole.slice(0, -200)],
    ['zeros', new Uint8Array(4096)],
    ['text', new TextEncoder().encode('int main() {}')],
  ])('%s', (_, bytes) => {
    const error = thrownBy(() => loadAddon().openMemory(bytes, {}));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(LIBBPF_ERRNO__|E[A-Z]+$)/) });
    expect(error.syscall).toBe('bpf_object__open_mem');
  });

  test('the bytes may change or go as soon as it is open', () => {
    const bytes = whole.slice();
    const object = loadAddon().openMemory(bytes, { name: 'copied' });
    bytes.fill(0xff);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    object.load();
    expect(object.name).toBe('copied');
    object.close();
  });

  test('an unaligned view', () => {
    const buffer = new Uint8Array(whole.length + 3);
    buffer.set(whole, 3);
    const object = loadAddon().openMemory(buffer.subarray(3), {});
    expect(object.findMap('table')).not.toBeNull();
    object.close();
  });
});

describe('the error factory', () => {
  const restore = (addon: NativeAddon, work: () => void): void => {
    const { failure } = jest.requireActual<typeof import('../../../lib/native/failure/failure')>(
      '../../../lib/native/failure/failure',
    );
    try {
      work();
    } finally {
      addon.setErrorFactory(failure);
    }
  };

  test('what it returns is thrown, what it throws comes through', () => {
    const addon = loadAddon();
    restore(addon, () => {
      addon.setErrorFactory(({ kind, errno }) => new RangeError(`${kind} ${String(errno)}`));
      expect(thrownBy(() => addon.openFile('/nonexistent', {})).message).toBe('bpf 2');
      addon.setErrorFactory(() => {
        throw new Error('from the factory');
      });
      expect(thrownBy(() => addon.openFile('/nonexistent', {})).message).toBe('from the factory');
    });
  });

  test('it may use the addon itself', () => {
    withHandles('open', ({ addon, object }) => {
      restore(addon, () => {
        addon.setErrorFactory(() => {
          object.close();
          return new Error('closed in the factory');
        });
        const request = { name: 'x', maps: ['nowhere'], programs: [], variables: [] };
        expect(thrownBy(() => object.openSubskeleton(request)).message).toBe('closed in the factory');
        expect(thrownBy(() => object.maps()).message).toBe('closed in the factory');
      });
    });
  });
});

test.each([
  ['a kind', (addon: NativeAddon) => addon.nextId('structs' as 'map', 0)],
  ['a probe', (addon: NativeAddon) => addon.probe('nonsense')],
  ['an empty buffer', (addon: NativeAddon) => addon.readStream(0, 1, new Uint8Array(0))],
  ['a detached buffer', (addon: NativeAddon) => addon.readStream(0, 1, detached())],
])('what the kernel is not asked: %s', (_, call) => {
  expect(thrownBy(() => call(loadAddon()))).toBeInstanceOf(ArgumentError);
});
