/** What asks the kernel about what it has. operation.ts says how to add a row. */
import { since } from '../../../uapi/requirement';
import type { Operation } from './operation';

export const KERNEL: Readonly<Record<string, Operation>> = {
  bpf_map_get_info_by_fd: {
    phrase: 'ask the kernel about %',
    remedies: { EBADFD: 'the file descriptor is not open', EINVAL: 'the file descriptor is not a BPF map' },
  },
  bpf_map_get_fd_by_id: { phrase: 'open %', needs: since('4.13'), purpose: 'inspect' },
  bpf_prog_get_fd_by_id: { phrase: 'open %', needs: since('4.13'), purpose: 'inspect' },
  bpf_btf_get_fd_by_id: { phrase: 'open %', needs: since('4.18'), purpose: 'inspect' },
  bpf_link_get_fd_by_id: { phrase: 'open %', needs: since('5.8'), purpose: 'inspect' },
  bpf_map_get_next_id: { phrase: 'list the maps', needs: since('4.13'), purpose: 'inspect' },
  bpf_prog_get_next_id: { phrase: 'list the programs', needs: since('4.13'), purpose: 'inspect' },
  bpf_btf_get_next_id: { phrase: 'list the BTF objects', needs: since('5.4'), purpose: 'inspect' },
  bpf_link_get_next_id: { phrase: 'list the links', needs: since('5.8'), purpose: 'inspect' },
  bpf_prog_get_info_by_fd: { phrase: 'ask the kernel about %', needs: since('4.13') },
  bpf_btf_get_info_by_fd: { phrase: 'ask the kernel about %', needs: since('4.18') },
  bpf_link_get_info_by_fd: { phrase: 'ask the kernel about %', needs: since('5.8') },
  bpf_enable_stats: { phrase: 'measure the run time of programs', needs: since('5.8'), purpose: 'measure' },
  bpf_token_create: { phrase: 'make a token of %', needs: since('6.9') },
  bpf_prog_stream_read: { phrase: 'read a stream of %', needs: since('6.17') },
  bpf_task_fd_query: {
    phrase: 'ask for %',
    needs: since('4.18'),
    purpose: 'inspect',
    remedies: {
      ENOTSUPP: 'it is neither a perf event with a program nor a raw tracepoint',
      EBADF: 'the process has no such descriptor',
      ENOENT: 'there is no such process',
    },
  },
  bpf_prog_query_opts: {
    phrase: 'ask what is attached to %',
    needs: since('4.15'),
    purpose: 'attach',
    remedies: { EINVAL: 'the kernel cannot tell what is attached there with this attach type' },
  },
};
