/** What console.log and the REPL show of handles, in each state: what they are, and never an error. */
import { inspect } from 'node:util';
import { BpfMap, BpfObject, PerfBuffer, RingBuffer, UserRingBuffer } from '../../../lib';
import { compileBpf } from '../../support/compile';

test('objects, maps, programs, links, readers: open, loaded, closed', () => {
  const object = BpfObject.open(compileBpf('events'));
  const [scratch, program] = [object.map('scratch'), object.program('perf_output')];
  const line = (value: unknown): string => inspect(value, { breakLength: Infinity });
  expect(line(object)).toMatch(
    /^BpfObject \{ name: 'events', phase: 'opened', maps: \[ .*'ring', .*\], programs: \[ .*'produce', .*\], links: 0 \}$/,
  );
  expect(line(program)).toBe(
    "BpfProgram { name: 'perf_output', section: 'raw_tp', type: 'raw_tracepoint', expectedAttachType: 'cgroup_inet_ingress', loaded: false }",
  );
  expect(line(scratch)).toBe(
    "BpfMap { name: 'scratch', type: 'array', keyType: 'unsigned int', valueType: 'struct bytes', keySize: 4, valueSize: 4096, maxEntries: 1, closed: false }",
  );
  object.load();
  const ring = new RingBuffer(object.map('ring')).add(object.map('small'));
  const perf = new PerfBuffer(object.map('perf'));
  const commands = new UserRingBuffer(object.map('commands'), { type: 'struct command' });
  const link = program.attachRawTracepoint('sys_enter');
  const own = BpfMap.fromFd(scratch.fd);
  expect([ring, perf, commands, link, program].map(line)).toEqual([
    "RingBuffer { maps: [ 'ring', 'small' ], closed: false }",
    "PerfBuffer { maps: [ 'perf' ], closed: false, lost: 0 }",
    "UserRingBuffer { map: 'commands', type: 'struct command', waiting: 0, closed: false }",
    "BpfLink { target: 'perf_output', closed: false }",
    expect.stringContaining('loaded: true'),
  ]);
  own.close();
  object.close();
  expect([object, ring, perf, commands, link, program, scratch, own].map(line)).toEqual([
    "BpfObject { name: 'events', phase: 'closed', links: 0 }",
    "RingBuffer { maps: [ 'ring', 'small' ], closed: true }",
    "PerfBuffer { maps: [ 'perf' ], closed: true, lost: 0 }",
    "UserRingBuffer { map: 'commands', type: 'struct command', waiting: 0, closed: true }",
    "BpfLink { target: 'perf_output', closed: true }",
    "BpfProgram { name: 'perf_output', section: 'raw_tp' }",
    expect.stringMatching(/^BpfMap \{ name: 'scratch'.* closed: true \}$/),
    expect.stringMatching(/^BpfMap \{ name: 'scratch'.* closed: true \}$/),
  ]);
  // Deep inside of something it is its name only.
  expect(inspect({ a: { b: { c: { ring } } } }, { depth: 2 })).toContain('[Object]');
});
