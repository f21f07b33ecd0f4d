/** Programs of sockets: filters, and the choice among the sockets of one port. */
import { needing } from '../../native/failure/needing';
import { loadAddon } from '../../native/load/load';
import { since } from '../../uapi/requirement';
import { checkInteger } from '../../util/check';
import { checkOurs, OURS } from '../../util/ours';
import { attachKind, checkKind } from './attach-kind';
import type { AnyProgram, Attachable } from './attachable';
import { hasCode } from '../../util/has-code';

export interface SocketOptions {
  /**
   * 'filter': the program says how many bytes of each packet this socket gets, 0 for none (SO_ATTACH_BPF). 'reuseport': it
   * chooses the socket for each packet or connection among those that share a port (SO_ATTACH_REUSEPORT_EBPF). By default
   * what its type is for: 'reuseport' for SEC("sk_reuseport"), 'filter' for SEC("socket").
   */
  readonly as?: 'filter' | 'reuseport' | undefined;
}

export const SOCKET = {
  attachSocket: attachKind<SocketOptions>({
    // SO_ATTACH_BPF is of 3.19, SO_ATTACH_REUSEPORT_EBPF of 4.5; a socket is recognized by its cookie.
    call: 'SO_COOKIE',
    needs: since('4.12', 'CONFIG_NET'),
    options: { as: ['filter', 'reuseport'] },
  }),
} as const;

/**
 * The latest attachment that was made here to each socket, by its cookie: the kernel replaces the one before without a word, and
 * does not tell which program a socket has.
 */
const latest = new Map<string, WeakRef<SocketAttachment>>();
const forgotten = new FinalizationRegistry<string>((place) => {
  if (latest.get(place)?.deref() === undefined) latest.delete(place);
});

/**
 * A program that is attached to a socket. The kernel keeps it as long as the socket (or the group of SO_REUSEPORT), also when this
 * process has let go of it: the attachment keeps neither open. `close()` takes it away.
 */
export class SocketAttachment {
  /** What it was made by. */
  readonly program: AnyProgram;
  readonly as: 'filter' | 'reuseport';
  readonly #fd: number;
  readonly #cookie: bigint;
  #closed = false;

  /** @internal */
  constructor(
    ours: typeof OURS,
    program: AnyProgram,
    as: 'filter' | 'reuseport',
    fd: number,
    cookie: bigint,
  ) {
    checkOurs(ours, 'SocketAttachment', 'program.attachSocket() gives one');
    this.program = program;
    this.as = as;
    this.#fd = fd;
    this.#cookie = cookie;
    latest.set(this.#place, new WeakRef(this));
    forgotten.register(this, this.#place);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Detaches it. Where the socket has been closed, or another program attached to it through this package since, nothing is left
   * to do. Safe to call more than once. SO_DETACH_BPF, SO_DETACH_REUSEPORT_BPF (kernel 5.3)
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (latest.get(this.#place)?.deref() !== this) return;
    latest.delete(this.#place);
    try {
      loadAddon().detachSocket(this.#fd, this.as === 'reuseport', this.#cookie, subjectOf(this.program));
    } catch (error) {
      // Taken away by another.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #place(): string {
    return `${this.as} ${String(this.#cookie)}`;
  }
}

const subjectOf = ({ name }: AnyProgram): string => `program '${name}'`;

export function attachSocket(
  { program }: Attachable,
  type: string,
  fd: number,
  options: SocketOptions,
): SocketAttachment {
  checkInteger(fd, 'fd (of a socket)', 0, 0x7fff_ffff);
  checkKind(SOCKET.attachSocket, options);
  const programFd = program.fd;
  checkInteger(programFd, 'program (its object must be loaded) .fd', 0, 0x7fff_ffff);
  const as = options.as ?? (type === 'sk_reuseport' ? 'reuseport' : 'filter');
  const { call, needs } = SOCKET.attachSocket;
  const cookie = needing({ programType: type, call, needs }, () =>
    loadAddon().attachSocket(fd, programFd, as === 'reuseport', subjectOf(program)),
  );
  return new SocketAttachment(OURS, program, as, fd, cookie);
}
