/** Reads that the kernel interrupts: EAGAIN, as of an iterator after a million objects, here of a pipe that is empty. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { BpfIterator } from '../../../../lib/runtime/link/bpf-iterator';
import { withFolder } from '../../../support/run-cli';

test('EAGAIN: it is read again', async () => {
  await withFolder(async (folder) => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, constants.O_WRONLY);
    const iterator = new BpfIterator({ fd, close: () => closeSync(fd) }, 'iterator');
    const lines = iterator.lines();
    const first = lines.next();
    setTimeout(() => {
      writeSync(writer, 'late\n');
      closeSync(writer);
    }, 20);
    expect(await first).toEqual({ value: 'late', done: false });
    expect(await lines.next()).toEqual({ value: undefined, done: true });
  });
});
