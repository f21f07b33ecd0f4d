/**
 * A program's stream as a Readable, over a kernel that writes what the test says: not every kernel finds memory for what
 * programs print (test/kernel/kernel/kernel.test.ts asks the real one).
 */
import { text } from 'node:stream/consumers';
import { ClosedError, NotLoadedError } from '../../../../lib/errors';
import type { BpfProgram } from '../../../../lib/runtime/program/bpf-program';
import { programStream, readProgramStream } from '../../../../lib/runtime/program/program-stream';

/** What is in the stream, by number: 1 is stdout. */
const kernel = new Map<number, Buffer>();
let reads = 0;

jest.mock('../../../../lib/native/load/load', () => ({
  loadAddon: () => ({
    readStream(fd: number, stream: number, buffer: Uint8Array): number {
      reads++;
      if (fd !== 7) throw new Error('another program');
      const waiting = kernel.get(stream) ?? Buffer.alloc(0);
      const count = waiting.copy(buffer);
      kernel.set(stream, waiting.subarray(count));
      return count;
    },
  }),
}));

const write = (stream: number, what: string | Buffer): void => {
  kernel.set(stream, Buffer.concat([kernel.get(stream) ?? Buffer.alloc(0), Buffer.from(what)]));
};
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

class Program {
  state: 'opened' | 'loaded' | 'closed' = 'loaded';
  readonly name = 'say';
  get fd(): number {
    return this.state === 'loaded' ? 7 : -1;
  }
  info(): void {
    if (this.state === 'closed') throw new ClosedError('it is closed');
  }
}
const make = (): Program & BpfProgram => new Program() as unknown as Program & BpfProgram;

beforeEach(() => {
  kernel.clear();
  reads = 0;
});

test('all that is there at once, more than one read takes, and the streams apart', () => {
  const long = 'é'.repeat(100_000);
  write(1, long);
  write(2, 'ERROR: Arena WRITE access\n');
  expect(readProgramStream(make(), 'stdout')).toBe(long);
  expect(readProgramStream(make(), 'stdout')).toBe('');
  expect(readProgramStream(make(), 'stderr')).toBe('ERROR: Arena WRITE access\n');
});

test('as it comes, until it is closed; a character in two pieces is one', async () => {
  const program = make();
  const stream = programStream(program, 'stdout', { interval: 2 });
  const read = text(stream);
  const bytes = Buffer.from('größer\n');
  write(1, bytes.subarray(0, 3));
  await pause(15);
  write(1, bytes.subarray(3));
  await pause(15);
  program.state = 'closed';
  expect(await read).toBe('größer\n');
  expect(stream.destroyed).toBe(true);
});

test('nothing is read that nobody wants', async () => {
  const stream = programStream(make(), 'stdout', { interval: 1 });
  write(1, Buffer.alloc(1 << 20, 'x'));
  await pause(10);
  expect(reads).toBe(0);
  stream.once('readable', () => {});
  await pause(10);
  const before = reads;
  write(1, 'more');
  await pause(20);
  expect(reads).toBe(before);
  stream.destroy();
});

test('abort ends it, also while it waits and while nobody reads on', async () => {
  const program = make();
  const abort = new AbortController();
  const stream = programStream(program, 'stdout', { interval: 5, signal: abort.signal });
  const problems: unknown[] = [];
  stream.on('error', (error) => problems.push(error));
  // Reads ahead, and so waits for more; what then comes must not be pushed behind the end.
  stream.once('readable', () => {});
  await pause(1);
  abort.abort();
  write(1, 'late');
  await pause(20);
  expect(problems).toEqual([]);
  expect(await text(stream)).toBe('');
  expect(kernel.get(1)?.toString()).toBe('late');

  const aborted = programStream(program, 'stdout', { signal: AbortSignal.abort() });
  expect(await text(aborted)).toBe('');
});

test('destroyed, it looks no more', async () => {
  const stream = programStream(make(), 'stdout', { interval: 1 });
  stream.resume();
  await pause(10);
  stream.destroy();
  const before = reads;
  await pause(20);
  expect(reads).toBe(before);
  expect(before).toBeGreaterThan(1);
});

test.each([
  ['not loaded yet', 'opened', NotLoadedError],
  ['closed', 'closed', ClosedError],
] as const)('%s', (_, state, kind) => {
  const program = make();
  program.state = state;
  expect(() => readProgramStream(program, 'stdout')).toThrow(kind);
});

test('what fails destroys it', async () => {
  const program = make();
  program.state = 'opened';
  await expect(text(programStream(program, 'stdout'))).rejects.toThrow(NotLoadedError);
});
