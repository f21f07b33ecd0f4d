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
      EMFILE: 'too many descriptors are open (ulimit -n)',
    },
  },
  pidfd_open: {
    phrase: 'open %',
    needs: since('5.3'),
    remedies: {
      ESRCH: 'there is none of that id',
      EINVAL: 'it is a thread, not a process: say { thread: true }, which needs kernel 6.9',
      ENOENT: 'it is a thread, not a process: say { thread: true }, which needs kernel 6.9',
      EMFILE: 'too many descriptors are open (ulimit -n)',
    },
  },
  ioctl: { phrase: 'control %' },
  open: { phrase: 'open %' },
  read: { phrase: 'read %' },
  unlink: { phrase: 'unpin %' },
  if_nametoindex: {
    phrase: 'find %',
    remedies: { ENODEV: "this process's network namespace has no interface of that name" },
  },
};
