/** Ring buffers, perf buffers and user ring buffers. operation.ts says how to add a row. */
import type { Operation } from './operation';

const RINGS: Operation = {
  phrase: 'read the ring buffer of %',
  remedies: { EINVAL: 'only maps of type ringbuf can be read this way' },
};

export const EVENTS: Readonly<Record<string, Operation>> = {
  ring_buffer__new: RINGS,
  ring_buffer__add: RINGS,
  perf_buffer__new_raw: {
    phrase: 'read the perf buffer of %',
    remedies: {
      EINVAL: 'only maps of type perf_event_array can be read this way',
      EPERM: 'fewer pages, or a higher kernel.perf_event_mlock_kb; or CAP_PERFMON is missing',
      ENOMEM: 'fewer pages',
    },
  },
  perf_buffer__consume_buffer: { phrase: 'read the perf buffer of %' },
  user_ring_buffer__new: {
    phrase: 'open the user ring buffer of %',
    remedies: { EINVAL: 'only maps of type user_ringbuf can be written so' },
  },
  user_ring_buffer__reserve: {
    phrase: 'reserve a sample in %',
    remedies: {
      ENOSPC: 'the ring is full until the BPF side drains it; reserveBlocking() waits for that',
      E2BIG: 'a sample of this size never fits: the map needs more max_entries',
    },
  },
};
