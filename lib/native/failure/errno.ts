/** Names and meanings of error numbers: the system's, the kernel's own, and libbpf's. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/**
 * Those of Linux that Node does not name and that bpf(2) can answer, and those that mean more than Node says of them
 * ("on socket"); the last one is the kernel's own, and BPF lets it out.
 */
const KERNEL: ReadonlyMap<number, readonly [string, string]> = new Map([
  [15, ['ENOTBLK', 'block device required']],
  [64, ['ENONET', 'machine is not on the network']],
  [77, ['EBADFD', 'file descriptor in bad state']],
  [94, ['ESOCKTNOSUPPORT', 'socket type not supported']],
  [95, ['EOPNOTSUPP', 'operation not supported']],
  [108, ['ESHUTDOWN', 'endpoint is shut down']],
  [117, ['EUCLEAN', 'structure needs cleaning']],
  [121, ['EREMOTEIO', 'remote I/O error']],
  [126, ['ENOKEY', 'required key not available']],
  [127, ['EKEYEXPIRED', 'key has expired']],
  [128, ['EKEYREVOKED', 'key has been revoked']],
  [129, ['EKEYREJECTED', 'key was rejected by service']],
  [130, ['EOWNERDEAD', 'owner died']],
  [131, ['ENOTRECOVERABLE', 'state not recoverable']],
  [524, ['ENOTSUPP', 'operation is not supported']],
]);

/** bpf/libbpf_legacy.h */
const LIBBPF: ReadonlyMap<number, readonly [string, string]> = new Map([
  [4000, ['LIBBPF_ERRNO__LIBELF', 'libelf could not read it']],
  [4001, ['LIBBPF_ERRNO__FORMAT', 'not a valid BPF object']],
  [4002, ['LIBBPF_ERRNO__KVERSION', 'the version section is wrong']],
  [4003, ['LIBBPF_ERRNO__ENDIAN', 'compiled for the other byte order']],
  [4004, ['LIBBPF_ERRNO__INTERNAL', 'internal error of libbpf']],
  [4005, ['LIBBPF_ERRNO__RELOC', 'relocation failed']],
  [4006, ['LIBBPF_ERRNO__LOAD', 'loading failed']],
  [4007, ['LIBBPF_ERRNO__VERIFY', 'the verifier rejected the program']],
  [4008, ['LIBBPF_ERRNO__PROG2BIG', 'the program is too big']],
  [4009, ['LIBBPF_ERRNO__KVER', 'wrong kernel version']],
  [4010, ['LIBBPF_ERRNO__PROGTYPE', 'the kernel does not have this program type']],
  [4011, ['LIBBPF_ERRNO__WRNGPID', 'wrong process id in a netlink message']],
  [4012, ['LIBBPF_ERRNO__INVSEQ', 'wrong sequence number in a netlink message']],
  [4013, ['LIBBPF_ERRNO__NLPARSE', 'a netlink message could not be parsed']],
]);

/** Where two names share a number, the one that man pages use for it first. */
const PREFERRED = new Set(['EAGAIN', 'EOPNOTSUPP', 'EDEADLK']);

let names: ReadonlyMap<number, string> | undefined;

function systemNames(): ReadonlyMap<number, string> {
  if (names !== undefined) return names;
  const collected = new Map<number, string>();
  for (const [name, value] of Object.entries(constants.errno)) {
    if (!collected.has(value) || PREFERRED.has(name)) collected.set(value, name);
  }
  return (names = collected);
}

/** 2 → 'ENOENT'; a number without a name → 'ERRNO_1234'. */
export function errnoName(errno: number): string {
  const named = (LIBBPF.get(errno) ?? KERNEL.get(errno))?.[0];
  return named ?? systemNames().get(errno) ?? `ERRNO_${String(errno)}`;
}

/** 2 → 'no such file or directory'; '' where nobody says. */
export function errnoMeaning(errno: number): string {
  const meant = (LIBBPF.get(errno) ?? KERNEL.get(errno))?.[1];
  return meant ?? getSystemErrorMap().get(-errno)?.[1] ?? '';
}
