/** What libbpf says during a call is on its error, and nowhere else. */
import { LinkError } from '../../../lib/errors';
import { loadAddon } from '../../../lib/native/load/load';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

const addon = loadAddon();
const openMissing = (): Error & { log?: string } => thrownBy(() => addon.openFile('/nonexistent', {}));
const openAndClose = (): void => addon.openFile(compileBpf('addon'), {}).close();

afterEach(() => {
  addon.setLogLevel('info');
  addon.takeLog();
});

test.each([
  ['none', ''],
  ['warn', 'failed to open /nonexistent'],
  ['info', 'failed to open /nonexistent'],
  ['debug', 'loading object from /nonexistent'],
] as const)('level %s', (level, said) => {
  addon.setLogLevel(level);
  const { log } = openMissing();
  if (said === '') expect(log).toBe('');
  else expect(log).toContain(said);
});

test('a call that succeeded leaves its messages to takeLog, once', () => {
  addon.setLogLevel('debug');
  openAndClose();
  expect(addon.takeLog()).toContain('libbpf: loading object');
  expect(addon.takeLog()).toBe('');
});

test('messages of one call are not those of the next', () => {
  openMissing();
  expect(addon.takeLog()).toBe('');
  addon.setLogLevel('debug');
  openAndClose();
  addon.setLogLevel('warn');
  openAndClose();
  expect(addon.takeLog()).toBe('');
});

describe('the verifier', () => {
  const reject = (level: number): Error & { code?: string; log?: string } => {
    const object = addon.openFile(compileBpf('rejected'), { kernelLogLevel: level });
    try {
      return thrownBy(() => object.load());
    } finally {
      object.close();
    }
  };

  test('its last useful line is in the message, the whole log beside it', () => {
    const error = reject(0);
    expect(error.code).toBe('ERR_VERIFIER');
    expect(error.log).toContain('BEGIN PROG LOAD LOG');
    expect(error.log).toContain('processed ');
    expect(error.message).toContain('the verifier rejected program ');
    expect(error.message).not.toContain('processed ');
    expect(error.message).not.toContain('CAP_');
  });

  test('more of it at a higher level', () => {
    expect(reject(2).log!.length).toBeGreaterThan(reject(0).log!.length - 1);
  });
});

describe('a log larger than 16 MB keeps its end', () => {
  const DROPPED = '[earlier messages dropped]\n';

  test('one message', () => {
    const object = addon.openFile(compileBpf('addon'), {});
    const name = 'm'.repeat(20 << 20);
    const { log } = thrownBy(() =>
      object.openSubskeleton({ name: 'x', maps: [name], programs: [], variables: [] }),
    );
    object.close();
    expect(log!.length).toBeLessThanOrEqual((16 << 20) + DROPPED.length);
    expect(log!.length).toBeGreaterThan(8 << 20);
    expect(log!.startsWith(`${DROPPED}mmm`)).toBe(true);
    expect(log).toMatch(/failed to populate subskeleton maps: .*\n$/);
  });

  test('many messages', () => {
    addon.setLogLevel('debug');
    const { log } = thrownBy(() => addon.openFile('/'.repeat(9 << 20), {}));
    expect(log!.length).toBeGreaterThan(8 << 20);
    expect(log!.length).toBeLessThanOrEqual((16 << 20) + DROPPED.length);
    expect(log!.startsWith(`${DROPPED}libbpf: elf: failed to open ///`)).toBe(true);
  });
});

describe('the linker', () => {
  test('links, and its result opens', () => {
    const output = compileBpf('addon').replace(/addon\.bpf\.o$/, `linked.${String(process.pid)}.bpf.o`);
    addon.link(output, [compileBpf('addon')]);
    const object = addon.openFile(output, {});
    expect(object.findMap('table')).not.toBeNull();
    object.close();
  });

  test.each([
    ['an input that is not there', ['/nonexistent'], 'bpf_linker__add_file'],
    ['an input that is no object', ['/etc/hostname'], 'bpf_linker__add_file'],
    ['one input twice', [compileBpf('addon'), compileBpf('addon')], 'bpf_linker__add_file'],
  ])('%s', (_, inputs, syscall) => {
    const error = thrownBy(() => addon.link(`/tmp/never.${String(process.pid)}.o`, inputs));
    expect(error).toMatchObject({ syscall, code: expect.stringMatching(/^(E|LIBBPF)/) });
    expect(error).not.toBeInstanceOf(LinkError);
  });

  test('an output that cannot be written', () => {
    const error = thrownBy(() => addon.link('/proc/self/nowhere/out.o', []));
    expect(error).toMatchObject({ syscall: 'bpf_linker__new', code: 'ENOENT' });
  });
});
