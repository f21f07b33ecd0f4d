/** bpf_task_fd_query: what is behind a descriptor of a process. */
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { ArgumentError, BpfObject, queryTaskFd } from '../../../lib';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

const perfEvents = (): number[] =>
  readdirSync('/proc/self/fd')
    .filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:[perf_event]';
      } catch {
        return false;
      }
    })
    .map(Number);

const withObject = (use: (object: BpfObject) => void): void => {
  const object = BpfObject.open(compileBpf('attach'));
  const loaded = ['on_raw_tp_by_section', 'on_uprobe'];
  for (const program of object.programs.values()) program.autoload = loaded.includes(program.name);
  try {
    object.load();
    use(object);
  } finally {
    object.close();
  }
};

test('a raw tracepoint', () => {
  withObject((object) => {
    const program = object.program('on_raw_tp_by_section');
    const { fd } = program.attach();
    expect(queryTaskFd(process.pid, fd)).toEqual({
      programId: program.info().id,
      type: 'raw_tracepoint',
      target: program.section.replace(/^raw_tp\//, ''),
      offset: 0n,
      address: 0n,
    });
  });
});

test('a uprobe', () => {
  withObject((object) => {
    const program = object.program('on_uprobe');
    const before = new Set(perfEvents());
    program.attachUprobe('/bin/true', { offset: 64, pid: process.pid });
    const [fd = -1] = perfEvents().filter((each) => !before.has(each));
    const { programId, type, target, offset } = queryTaskFd(process.pid, fd);
    expect({ programId, type, offset }).toEqual({
      programId: program.info().id,
      type: 'uprobe',
      offset: 64n,
    });
    expect(target).toMatch(/\/true$/);
  });
});

test('what is none', () => {
  const file = openSync('/dev/null', 'r');
  try {
    expect(thrownBy(() => queryTaskFd(process.pid, file)).message).toMatch(
      /ask for descriptor \d+ of process \d+: .*neither a perf event/,
    );
  } finally {
    closeSync(file);
  }
  expect(thrownBy(() => queryTaskFd(process.pid, 1_000_000))).toHaveProperty('code', 'EBADF');
  expect(thrownBy(() => queryTaskFd(0x7fff_fff0, 0))).toHaveProperty('code', 'ENOENT');
  expect(thrownBy(() => queryTaskFd(0, 0))).toBeInstanceOf(ArgumentError);
  expect(thrownBy(() => queryTaskFd(1, -1))).toBeInstanceOf(ArgumentError);
});
