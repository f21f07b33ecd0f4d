import type { NativeMap } from '../../../lib/native/surface/map';
import type { Give } from '../give';
import type { Recipe, Recipes } from './recipe';

const flag: Recipe<never> = (give) => [give.flag];
const small: Recipe<never> = (give) => [give.pick(0, 1, 4, 31, give.number)];
const pin: Recipe<never> = (give) => [give.pin];
const bytes: Recipe<never> = (give) => [give.bytes()];
const source = (give: Give): number => give.pick(0, 0, 1, give.number);
const sourced: Recipe<never> = (give) => [source(give)];

/** Each kind of attachWith with options of its kind. */
const ATTACH: Readonly<Record<string, (give: Give) => object>> = {
  rawTracepoint: (give) => ({
    name: give.pick('sys_enter', 'nothing'),
    cookie: give.perhaps(() => give.bigint),
  }),
  kprobe: () => ({ function: 'no_such_function' }),
  uprobe: () => ({ path: '/nowhere', offset: 1 }),
  usdt: () => ({ path: '/nowhere', provider: 'x', name: 'y' }),
  perfEvent: (give) => ({ fd: give.fd }),
  trace: (give) => ({ cookie: give.perhaps(() => give.bigint) }),
  lsm: () => ({}),
  freplace: (give) => ({ target: give.fd, function: 'replaced' }),
  target: (give) => ({
    target: give.pick(1, give.fd),
    attachType: give.perhaps(() => give.below(60)),
    flags: give.perhaps(() => give.number),
    relativeFd: give.perhaps(() => give.fd),
  }),
  netfilter: (give) => ({ protocolFamily: 2, hook: give.below(6), priority: give.below(9) - 4 }),
  iter: (give) => ({ mapFd: give.perhaps(() => give.fd), pid: give.perhaps(() => process.pid) }),
};

const attachWith: Recipe<never> = (give) => {
  const kind = give.pick(...Object.keys(ATTACH));
  return [kind, ATTACH[kind]?.(give)];
};

const sized = (give: Give): Uint8Array => give.bytes(give.pick(0, 4, 8, 16, 32, 4096));

const READERS: Recipes = {
  index: sourced,
  take: sourced,
  release: (give: Give) => [source(give), give.number, give.flag],
  releaseAll: sourced,
  copy: (give: Give) => [source(give), give.number, sized(give)],
  watch: (give: Give) => [give.below(3), give.callback],
  spin: flag,
  reference: flag,
};
const readerOf = (kind: string): Recipes =>
  Object.fromEntries(Object.entries(READERS).map(([name, recipe]) => [`${kind}.${name}`, recipe]));

export const NATIVE: Recipes = {
  'NativeObject.findMap': (give: Give) => [give.pick('points', 'table', '.data', 'nothing')],
  'NativeObject.findProgram': (give: Give) => [give.pick('add', 'run', 'on_enter', 'nothing')],
  'NativeObject.openSubskeleton': (give: Give) => [
    {
      name: 'library',
      maps: give.pick(['.data', '.bss'], ['.data'], ['nothing'], []),
      programs: give.pick(['run'], ['nothing'], []),
      variables: give.pick([{ name: 'calls', map: give.below(3) }], [{ name: 'nothing', map: 0 }], []),
    },
  ],
  'NativeMap.setAutocreate': flag,
  'NativeMap.setAutoattach': flag,
  'NativeMap.setMaxEntries': (give: Give) => [give.below(64)],
  'NativeMap.setValueSize': (give: Give) => [give.pick(4, 8, 16, 64, give.below(9000))],
  'NativeMap.setInitialValue': ((give, map) => [
    give.bytes(map.valueSize & 0xffff),
  ]) satisfies Recipe<NativeMap>,
  'NativeMap.setStructOpsImage': bytes,
  'NativeMap.setStructOpsProgram': (give: Give) => [give.number, give.pick('add', null)],
  'NativeMap.setPinPath': (give: Give) => [give.pick(give.pin, '')],
  'NativeMap.pin': (give: Give) => [give.perhaps(() => give.pin, 0.8)],
  'NativeMap.unpin': (give: Give) => [give.perhaps(() => give.pin, 0.8)],
  'NativeMap.reuseFd': (give: Give) => [give.fd],
  'NativeMap.setInnerMap': (give: Give) => [give.some('NativeElements')],
  'NativeProgram.setType': small,
  'NativeProgram.setExpectedAttachType': small,
  'NativeProgram.setFlags': small,
  'NativeProgram.setInterface': small,
  'NativeProgram.setLogLevel': small,
  'NativeProgram.setAutoload': flag,
  'NativeProgram.setAutoattach': flag,
  'NativeProgram.setAttachTarget': (give: Give) => [
    give.perhaps(() => give.fd),
    give.perhaps(() => 'replaced'),
  ],
  'NativeProgram.setLogBuffer': (give: Give) => [give.pick(0, 1, 128, 4096, 1 << 20)],
  'NativeProgram.attachWith': attachWith,
  'NativeProgram.testRun': (give: Give) => [
    {
      data: give.perhaps(() => sized(give)),
      dataOut: give.perhaps(() => sized(give)),
      context: give.perhaps(() => give.context, 0.6),
      contextOut: give.perhaps(() => give.bytes(32), 0.5),
      repeat: give.perhaps(() => give.below(9)),
    },
  ],
  'NativeProgram.pin': pin,
  'NativeProgram.unpin': pin,
  'NativeLink.updateProgram': (give: Give) => [give.fd, give.perhaps(() => give.fd)],
  'NativeLink.updateMap': (give: Give) => [give.some('NativeMap')],
  'NativeLink.pin': pin,
  'NativeElements.pin': pin,
  'NativeElements.lookupBatch': (give: Give) => [
    give.flag,
    give.random.chance(0.3),
    0,
    give.bytes(give.pick(8, 16, 32, 2)),
    sized(give),
    sized(give),
  ],
  'NativeElements.updateBatch': (give: Give) => [give.number, give.below(3), sized(give), sized(give)],
  'NativeElements.deleteBatch': (give: Give) => [give.number, sized(give)],
  'NativePages.copy': (give: Give) => [give.number, sized(give)],
  ...readerOf('NativeRingBuffer'),
  ...readerOf('NativePerfBuffer'),
  'NativeRingBuffer.add': (give: Give) => [give.fd, 'ring'],
  'NativeRingBuffer.state': sourced,
  'NativeUserRingBuffer.reserve': small,
  'NativeUserRingBuffer.submit': (give: Give) => [give.below(4), give.bytes()],
  'NativeUserRingBuffer.discard': (give: Give) => [give.below(4)],
  'NativeUserRingBuffer.watch': (give: Give) => [give.perhaps(() => give.callback, 0.7)],
};
