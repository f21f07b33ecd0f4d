/** System calls, and functions of libc. operation.ts says how to add a row. */
import { since } from '../../../uapi/requirement';
import type { Operation } from './operation';

export const SYSTEM: Readonly<Record<string, Operation>> = {
  mmap: {
    phrase: 'map the memory of %',
    remedies: {
      EINVAL: 'the map has no BPF_F_MMAPABLE, or is smaller than that',
      ENOTSUPP: 'this map type has no memory to map',
      EBUSY: 'an arena can be mapped at one address only',
      ENOMEM:
        'the process has too many mappings (sysctl vm.max_map_count), or too little address space; that of a closed ' +
        'section whose arrays were taken stays until these are collected and the event loop has turned',
    },
  },
  perf_event_open: {
    phrase: 'open %',
    needs: since('3.0', 'CONFIG_PERF_EVENTS'),
    purpose: 'attach',
    remedies: {
      ENOENT: 'this machine does not have the event; virtual machines often have no hardware events',
      ENODEV: 'this CPU does not have the event',
      ESRCH: 'there is no such process',
      EINVAL:
        'the kernel does not know such an event, or the frequency is beyond kernel.perf_event_max_sample_rate',
      EACCES: 'the sysctl kernel.perf_event_paranoid forbids it',
    },
  },
  pidfd_open: {
    phrase: 'open %',
    needs: since('5.3'),
    remedies: {
      ESRCH: 'there is none with that id',
      EINVAL: 'it is a thread, not a process: say { thread: true }, which needs kernel 6.9',
      ENOENT: 'it is a thread, not a process: say { thread: true }, which needs kernel 6.9',
    },
  },
  SO_COOKIE: {
    phrase: 'look at %',
    needs: since('4.12'),
    remedies: { ENOTSOCK: 'it is not a socket', EBADF: 'it is not open' },
  },
  SO_ATTACH_BPF: {
    phrase: 'attach % to a socket',
    remedies: {
      EINVAL: 'only programs of type socket_filter filter a socket',
      EPERM: 'the filter of this socket is locked (SO_LOCK_FILTER)',
    },
  },
  SO_ATTACH_REUSEPORT_EBPF: {
    phrase: 'attach % to a group of sockets',
    remedies: {
      EINVAL:
        'the socket must have SO_REUSEPORT, set before it was bound; the program must be of type sk_reuseport or socket_filter',
      ENOTSUPP: 'programs of type sk_reuseport are for TCP and UDP sockets',
      EPERM: 'the filter of this socket is locked (SO_LOCK_FILTER)',
    },
  },
  SO_DETACH_BPF: { phrase: 'detach % from a socket' },
  SO_DETACH_REUSEPORT_BPF: { phrase: 'detach % from a group of sockets', needs: since('5.3') },
  ioctl: { phrase: 'control %' },
  open: { phrase: 'open %' },
  read: { phrase: 'read %' },
  unlink: { phrase: 'unpin %' },
  if_nametoindex: {
    phrase: 'find %',
    remedies: { ENODEV: "this process's network namespace has no interface of that name" },
  },
};
