/** The ways into the package: what takes no receiver. Functions, static methods and constructors by name. */
import { readFileSync } from 'node:fs';
import type { Give } from '../give';
import { newerBtf } from './btf';
import { recordOptions } from './readers';

/** What is called, and with what. */
export type Door = (give: Give) => readonly [call: (...given: never[]) => unknown, given: unknown[]];

const text = (give: Give): string => give.pick('objects', 'events', 'attach', 'addon');
const object = (give: Give): unknown => {
  const file = give.world.files[text(give)] ?? '';
  return give.flag ? file : Uint8Array.from(readFileSync(file));
};

export const DOORS: Readonly<Record<string, readonly [weight: number, door: Door]>> = {
  'BpfObject.open': [
    8,
    (give) => [
      (...given) => give.world.subskel.BpfObject.open(...(given as unknown as [string])),
      [
        object(give),
        give.perhaps(() => ({
          name: give.perhaps(() => 'named'),
          pinRootPath: give.perhaps(() => give.pin),
          logLevel: give.perhaps(() => give.pick('none', 'debug')),
        })),
      ],
    ],
  ],
  'BpfMap.create': [12, (give) => [give.world.subskel.BpfMap.create, [give.mapOptions()]]],
  'BpfMap.openPinned': [1, (give) => [give.world.subskel.BpfMap.openPinned, [give.pin]]],
  'BpfMap.fromFd': [2, (give) => [give.world.subskel.BpfMap.fromFd, [give.fd]]],
  'BpfMap.openShared': [2, (give) => [give.world.subskel.BpfMap.openShared, [give.some('handle')]]],
  'SharedSection.open': [2, (give) => [give.world.subskel.SharedSection.open, [give.some('handle')]]],
  'BpfProgram.openPinned': [1, (give) => [give.world.subskel.BpfProgram.openPinned, [give.pin]]],
  'BpfProgram.fromFd': [2, (give) => [give.world.subskel.BpfProgram.fromFd, [give.fd]]],
  'LoadedObject.fromProgram': [
    2,
    (give) => [
      give.world.subskel.LoadedObject.fromProgram,
      [give.pick<unknown>(give.program, { fd: give.fd }), give.perhaps(() => ({ siblings: give.flag }))],
    ],
  ],
  'LoadedObject.fromMaps': [
    2,
    (give) => [
      give.world.subskel.LoadedObject.fromMaps,
      [[give.map, give.pick<unknown>(give.map, give.number)]],
    ],
  ],
  'BpfLink.openPinned': [1, (give) => [give.world.subskel.BpfLink.openPinned, [give.pin]]],
  'BpfLink.fromFd': [2, (give) => [give.world.subskel.BpfLink.fromFd, [give.fd]]],
  'new RingBuffer': [
    5,
    (give) => [
      (map: never, options: never) => new give.world.subskel.RingBuffer(map, options),
      [give.map, recordOptions(give)],
    ],
  ],
  'new PerfBuffer': [
    2,
    (give) => [
      (map: never, options: never) => new give.world.subskel.PerfBuffer(map, options),
      [give.map, { ...recordOptions(give), pages: give.perhaps(() => 1 << give.below(4)) }],
    ],
  ],
  'new UserRingBuffer': [
    3,
    (give) => [
      (map: never, options: never) => new give.world.subskel.UserRingBuffer(map, options),
      [give.map, give.perhaps(() => ({ type: 'struct command' }))],
    ],
  ],
  'PerfEvent.open': [
    2,
    (give) => [
      give.world.subskel.PerfEvent.open,
      [
        {
          event: give.pick('cpu_clock', 'page_faults', 'nothing'),
          pid: 0,
          period: give.perhaps(() => 100_000),
        },
      ],
    ],
  ],
  'Pidfd.open': [1, (give) => [give.world.subskel.Pidfd.open, [process.pid]]],
  'Btf.fromFile': [1, (give) => [give.world.subskel.Btf.fromFile, [give.file]]],
  'Btf.fromBytes': [1, (give) => [give.world.subskel.Btf.fromBytes, [newerBtf()]]],
  'TcHook.create': [1, (give) => [give.world.subskel.TcHook.create, [give.pick<unknown>('lo', 1)]]],
  'XdpAttachment.attach': [1, (give) => [give.world.subskel.XdpAttachment.attach, ['lo', give.program]]],
  'XdpAttachment.query': [1, (give) => [give.world.subskel.XdpAttachment.query, ['lo']]],
  'ProgramAttachment.attach': [
    1,
    (give) => [
      give.world.subskel.ProgramAttachment.attach,
      [give.pick<unknown>(give.map, 'lo'), give.program],
    ],
  ],
  queryAttached: [
    1,
    (give) => [give.world.subskel.queryAttached, [give.pick<unknown>(give.map, '/nowhere'), 'xdp']],
  ],
  describe: [1, (give) => [give.world.subskel.describe, [object(give)]]],
  openSubskeleton: [
    2,
    (give) => [
      (from: never, descriptor: never, options: never) =>
        give.world.subskel.openSubskeleton(from, descriptor, options),
      [
        give.pick(give.some('BpfObject'), give.some('LoadedObject')),
        give.world.descriptor(text(give)),
        { optional: true, check: 'size' },
      ],
    ],
  ],
  linkObjects: [
    0.02,
    (give) => [give.world.subskel.linkObjects, [{ output: give.output, inputs: [give.file, give.file] }]],
  ],
  'addon.openFile': [3, (give) => [give.world.addon.openFile, [give.file, {}]]],
  'addon.openMemory': [
    2,
    (give) => [give.world.addon.openMemory, [Uint8Array.from(readFileSync(give.file)), {}]],
  ],
  'addon.createMap': [
    3,
    (give) => [
      give.world.addon.createMap,
      [
        {
          type: give.below(33),
          keySize: give.pick(0, 4, 4, 8),
          valueSize: give.pick(0, 4, 8, 24),
          maxEntries: give.pick(0, 1, 8, 4096),
          flags: give.perhaps(() => 1 << give.below(16)),
          inner: give.perhaps(() => give.some('NativeElements')),
        },
      ],
    ],
  ],
  'addon.openMapByFd': [2, (give) => [give.world.addon.openMapByFd, [give.fd]]],
  'addon.openPinnedMap': [1, (give) => [give.world.addon.openPinnedMap, [give.pin, give.pick(0, 8, 16)]]],
  'addon.openProgramFd': [1, (give) => [give.world.addon.openProgramFd, [give.fd]]],
  'addon.openLinkFd': [1, (give) => [give.world.addon.openLinkFd, [give.fd]]],
  'addon.openPinnedProgram': [1, (give) => [give.world.addon.openPinnedProgram, [give.pin]]],
  'addon.mapMemory': [2, (give) => [give.world.addon.mapMemory, [give.fd, give.pick(4096, 8, give.number)]]],
  'addon.detach': [1, (give) => [give.world.addon.detach, [give.some('buffer'), give.flag]]],
  'addon.share': [1, (give) => [give.world.addon.share, [give.fd]]],
  'addon.ringBuffer': [2, (give) => [give.world.addon.ringBuffer, []]],
  'addon.perfBuffer': [
    1,
    (give) => [
      give.world.addon.perfBuffer,
      [give.fd, 'perf', 1 << give.below(4), give.below(3), give.below(3)],
    ],
  ],
  'addon.userRingBuffer': [2, (give) => [give.world.addon.userRingBuffer, [give.fd, 'user']]],
  'addon.takeLog': [1, (give) => [give.world.addon.takeLog, []]],
  'addon.setLogLevel': [1, (give) => [give.world.addon.setLogLevel, [give.pick('none', 'warn', 'debug')]]],
  'addon.attachXdp': [1, (give) => [give.world.addon.attachXdp, [1, give.fd, give.below(4)]]],
  'addon.detachXdp': [1, (give) => [give.world.addon.detachXdp, [1, give.below(4)]]],
  'addon.attachSocket': [
    1,
    (give) => [
      give.world.addon.attachSocket,
      [give.pick(give.world.socket, give.fd), give.fd, give.flag, 'x'],
    ],
  ],
  'addon.detachSocket': [
    1,
    (give) => [give.world.addon.detachSocket, [give.world.socket, give.flag, give.bigint, 'x']],
  ],
  'addon.queryPrograms': [
    1,
    (give) => [give.world.addon.queryPrograms, [give.fd, give.below(60), 0, give.flag, 'x']],
  ],
};
