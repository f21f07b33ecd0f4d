/** Programs of sockets, by setsockopt(2). */
export interface NativeSocketAttach {
  /** SO_ATTACH_BPF, or SO_ATTACH_REUSEPORT_EBPF. The answer is the socket's cookie (SO_COOKIE). */
  attachSocket(fd: number, program: number, reuseport: boolean, subject: string): bigint;
  /** SO_DETACH_BPF, or SO_DETACH_REUSEPORT_BPF; false where the descriptor is not that socket's any more. */
  detachSocket(fd: number, reuseport: boolean, cookie: bigint, subject: string): boolean;
}
