/** What programs say with bpf_stream_printk, and what the kernel says of them: kernel 6.17. */
import { Readable } from 'node:stream';
import { onAbort } from '../../util/abort';
import { hasCode } from '../../util/has-code';
import { checkInteger, checkOptions, refuse } from '../../util/check';
import { NotLoadedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { BpfProgram } from './bpf-program';

/** enum in linux/bpf.h: BPF_STREAM_STDOUT, BPF_STREAM_STDERR */
const STREAMS = { stdout: 1, stderr: 2 } as const;

/** 'stdout': what the program prints; 'stderr': what the kernel has to complain of (arena faults, locks, endless loops). */
export type ProgramStreamName = keyof typeof STREAMS;

export interface ProgramStreamOptions {
  /** Milliseconds between two looks; the kernel wakes nobody. Default 100. */
  readonly interval?: number | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
}

const CHUNK = 64 * 1024;

function numberOf(name: unknown): number {
  if (name === 'stdout' || name === 'stderr') return STREAMS[name];
  return refuse('name', "'stdout' or 'stderr'", name);
}

/** Everything that is there now. */
function readBytes(program: BpfProgram, stream: number): Buffer {
  const { fd } = program;
  if (fd < 0) {
    // Says whether it is not loaded yet, or closed.
    program.info();
    throw new NotLoadedError(`read a stream of program '${program.name}': it is not loaded`);
  }
  const addon = loadAddon();
  const chunks: Buffer[] = [];
  for (;;) {
    const buffer = Buffer.alloc(CHUNK);
    const count = addon.readStream(fd, stream, buffer);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, count));
  }
}

/**
 * Everything that is in a program's stream now, which empties it: '' where there is nothing. bpf_prog_stream_read; kernel 6.17
 * @throws BpfError EINVAL on older kernels
 */
export function readProgramStream(program: BpfProgram, name: ProgramStreamName): string {
  return readBytes(program, numberOf(name)).toString('utf8');
}

/**
 * A program's stream as a Readable: it looks every `interval` milliseconds, ends when the program is closed or `signal`
 * aborts, and keeps the process alive until then, unless it is destroyed. bpf_prog_stream_read; kernel 6.17
 */
export function programStream(
  program: BpfProgram,
  name: ProgramStreamName,
  options: ProgramStreamOptions = {},
): Readable {
  checkOptions<ProgramStreamOptions>(options, 'options', { interval: 'integer', signal: 'any' });
  const { interval = 100, signal } = options;
  checkInteger(interval, 'options.interval', 1, 0x7fff_ffff);
  const stream = numberOf(name);
  let timer: NodeJS.Timeout | undefined;
  let forget = (): void => undefined;
  const readable = new Readable({
    read() {
      look();
    },
    destroy(error, done) {
      clearTimeout(timer);
      forget();
      done(error);
    },
  });
  const end = (): void => {
    // Nothing may be pushed any more.
    clearTimeout(timer);
    readable.push(null);
  };
  function look(): void {
    try {
      // Bytes: what a program writes in two goes may divide a character.
      const bytes = readBytes(program, stream);
      if (bytes.length > 0) readable.push(bytes);
      else timer = setTimeout(look, interval);
    } catch (error) {
      if (hasCode(error, 'ERR_CLOSED')) end();
      else readable.destroy(error as Error);
    }
  }
  if (signal?.aborted === true) end();
  else forget = onAbort(signal, end);
  return readable;
}
