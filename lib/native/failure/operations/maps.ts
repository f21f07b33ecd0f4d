/** Maps and their elements. operation.ts says how to add a row. */
import { since } from '../../../uapi/requirement';
import { PINNING, type Operation } from './operation';

const ELEMENTS = {
  EPERM: 'user space may only read it, or only write it: it is frozen, or was made or opened that way',
  E2BIG: 'the map is full, or the index is not below its max_entries',
  EINVAL: 'this map type does not have this operation, or not with these flags',
  EOPNOTSUPP: 'this map type does not have this operation',
  ENOTSUPP: 'this map type does not have this operation',
};

const DECIDED = { EBUSY: 'it is a map that exists already: it was reused' };

export const MAPS: Readonly<Record<string, Operation>> = {
  bpf_map_create: {
    phrase: 'create %',
    purpose: 'map',
    remedies: {
      EINVAL:
        'the kernel does not take these sizes, flags or this name for this type of map: names have letters, digits, "_" and "."',
      E2BIG: 'it is larger than the kernel allows',
      ENOMEM: 'it is too large for the memory there is',
    },
  },
  btf__new: { phrase: 'make BTF of %' },
  btf__load_into_kernel: {
    phrase: 'load the BTF of %',
    purpose: 'map',
    remedies: {
      EINVAL: 'the kernel does not know a kind of type that is in it; floats need 5.12, enum64 6.0',
    },
  },
  fcntl: { phrase: 'duplicate the descriptor of %', remedies: { EBADF: 'it is not open' } },
  bpf_map__set_inner_map_fd: {
    phrase: 'set the inner map of %',
    remedies: { EINVAL: 'only maps of maps have one, and it can be set once' },
  },
  bpf_map__pin: { phrase: 'pin %', purpose: 'pin', remedies: PINNING },
  bpf_map__unpin: { phrase: 'unpin %', remedies: PINNING },
  bpf_map__set_initial_value: {
    phrase: 'set the initial value of %',
    remedies: { EINVAL: 'only data sections have one, and it must have exactly the size of the section' },
  },
  bpf_map__set_value_size: {
    phrase: 'set the value size of %',
    remedies: { ...DECIDED, EOPNOTSUPP: 'only sections in array maps can be resized' },
  },
  bpf_map__set_type: { phrase: 'set the type of %', remedies: DECIDED },
  bpf_map__set_key_size: { phrase: 'set the key size of %', remedies: DECIDED },
  bpf_map__set_map_flags: { phrase: 'set the flags of %', remedies: DECIDED },
  bpf_map__set_map_extra: { phrase: 'set map_extra of %', remedies: DECIDED },
  bpf_map__set_numa_node: { phrase: 'set the NUMA node of %', remedies: DECIDED },
  bpf_map__set_max_entries: { phrase: 'set the number of entries of %', remedies: DECIDED },
  bpf_map__set_autocreate: { phrase: 'set autocreate of %' },
  bpf_map__set_autoattach: {
    phrase: 'set autoattach of %',
    remedies: { EINVAL: 'only struct_ops maps have it' },
  },
  bpf_map__reuse_fd: { phrase: 'reuse a map for %' },
  bpf_map_freeze: {
    phrase: 'freeze %',
    needs: since('5.2'),
    remedies: {
      EBUSY: 'it is mapped writable somewhere, or frozen already',
      EPERM: 'it is frozen already, or was opened for reading only',
    },
  },
  bpf_map_lookup_elem: { phrase: 'look up a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_update_elem: { phrase: 'set a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_delete_elem: { phrase: 'delete a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_lookup_and_delete_elem: {
    phrase: 'take a key of %',
    needs: since('4.20'),
    purpose: 'map',
    remedies: {
      ...ELEMENTS,
      ENOTSUPP: 'this map type does not have this operation; hash maps have it since kernel 5.14',
    },
  },
  bpf_map_lookup_batch: {
    phrase: 'look up keys of %',
    needs: since('5.6'),
    purpose: 'map',
    remedies: ELEMENTS,
  },
  bpf_map_lookup_and_delete_batch: {
    phrase: 'take keys of %',
    needs: since('5.6'),
    purpose: 'map',
    remedies: ELEMENTS,
  },
  bpf_map_update_batch: { phrase: 'set keys of %', needs: since('5.6'), purpose: 'map', remedies: ELEMENTS },
  bpf_map_delete_batch: {
    phrase: 'delete keys of %',
    needs: since('5.6'),
    purpose: 'map',
    remedies: ELEMENTS,
  },
  bpf_map_get_next_key: { phrase: 'list the keys of %', purpose: 'map', remedies: ELEMENTS },
};
