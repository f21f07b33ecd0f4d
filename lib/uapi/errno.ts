/**
 * Error numbers of Linux (asm-generic/errno-base.h, errno.h) that code here looks at, and those that Node.js does not
 * name or explains too narrowly. Their names and meanings for messages: lib/native/failure/errno.ts.
 */
import type { constants } from 'node:os';

export const ERRNO = {
  ENOENT: 2,
  EINTR: 4,
  EAGAIN: 11,
  EINVAL: 22,
  ENOSPC: 28,
  EOPNOTSUPP: 95,
  /** The kernel's own (linux/errno.h), which BPF lets out. */
  ENOTSUPP: 524,
} as const;

interface ErrnoRow<Name extends string> {
  readonly name: Name;
  readonly number: number;
  readonly meaning: string;
}

const row = <Name extends string>(number: number, name: Name, meaning: string): ErrnoRow<Name> => ({
  number,
  name,
  meaning,
});

/** Of Linux: those that bpf(2) can answer and Node.js has no name for, or another meaning ("on socket"). */
export const LINUX_ERRNO = [
  row(15, 'ENOTBLK', 'block device required'),
  row(64, 'ENONET', 'machine is not on the network'),
  row(77, 'EBADFD', 'file descriptor in bad state'),
  row(94, 'ESOCKTNOSUPPORT', 'socket type not supported'),
  row(ERRNO.EOPNOTSUPP, 'EOPNOTSUPP', 'operation not supported'),
  row(108, 'ESHUTDOWN', 'endpoint is shut down'),
  row(117, 'EUCLEAN', 'structure needs cleaning'),
  row(121, 'EREMOTEIO', 'remote I/O error'),
  row(126, 'ENOKEY', 'required key not available'),
  row(127, 'EKEYEXPIRED', 'key has expired'),
  row(128, 'EKEYREVOKED', 'key has been revoked'),
  row(129, 'EKEYREJECTED', 'key was rejected by service'),
  row(130, 'EOWNERDEAD', 'owner died'),
  row(131, 'ENOTRECOVERABLE', 'state not recoverable'),
  row(ERRNO.ENOTSUPP, 'ENOTSUPP', 'operation is not supported'),
];

/** bpf/libbpf_legacy.h: `enum libbpf_errno` */
export const LIBBPF_ERRNO = [
  row(4000, 'LIBBPF_ERRNO__LIBELF', 'libelf could not read it'),
  row(4001, 'LIBBPF_ERRNO__FORMAT', 'not a valid BPF object'),
  row(4002, 'LIBBPF_ERRNO__KVERSION', 'the version section is wrong'),
  row(4003, 'LIBBPF_ERRNO__ENDIAN', 'compiled for the other byte order'),
  row(4004, 'LIBBPF_ERRNO__INTERNAL', 'internal error of libbpf'),
  row(4005, 'LIBBPF_ERRNO__RELOC', 'relocation failed'),
  row(4006, 'LIBBPF_ERRNO__LOAD', 'loading failed'),
  row(4007, 'LIBBPF_ERRNO__VERIFY', 'the verifier rejected the program'),
  row(4008, 'LIBBPF_ERRNO__PROG2BIG', 'the program is too big'),
  row(4009, 'LIBBPF_ERRNO__KVER', 'wrong kernel version'),
  row(4010, 'LIBBPF_ERRNO__PROGTYPE', 'the kernel does not have this program type'),
  row(4011, 'LIBBPF_ERRNO__WRNGPID', 'wrong process id in a netlink message'),
  row(4012, 'LIBBPF_ERRNO__INVSEQ', 'wrong sequence number in a netlink message'),
  row(4013, 'LIBBPF_ERRNO__NLPARSE', 'a netlink message could not be parsed'),
];

/** The names that errors have for error numbers; one without a name is 'ERRNO_1234'. */
export type ErrnoName =
  | keyof typeof constants.errno
  | (typeof LINUX_ERRNO)[number]['name']
  | (typeof LIBBPF_ERRNO)[number]['name']
  | `ERRNO_${number}`;
