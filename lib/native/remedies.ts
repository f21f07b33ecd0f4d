/** What is being done when a libbpf function is called, and what would help when it fails. */
import { missingPrivilege, type Purpose } from './privileges';

interface Operation {
  /** A verb phrase; '%' is what it was about. */
  readonly phrase: string;
  readonly purpose?: Purpose;
  readonly remedies?: Readonly<Record<string, string>>;
}

const ELEMENTS = {
  E2BIG: 'the map is full, or the index is not below its max_entries',
  EINVAL: 'this map type does not have this operation, or not with these flags',
  EOPNOTSUPP: 'this map type does not have this operation',
  ENOTSUPP: 'this map type does not have this operation',
};
const CREATION = {
  EINVAL: 'the log names the map or program; the kernel may be too old for its type',
  ESRCH: "the kernel's BTF lacks something that the object refers to; the log names it",
  ENOENT: 'the kernel lacks something that the object refers to; the log names it',
  E2BIG: 'a map or program is larger than the kernel allows',
  ENOMEM: 'a map is too large for the memory there is',
  LIBBPF_ERRNO__ENDIAN: 'compile it with -target bpf, or -target bpfel or bpfeb as this machine is',
};
const PINNING = {
  EINVAL: 'is the path in a BPF file system (mount -t bpf), and not another than that of an earlier pin?',
  EEXIST: 'something is pinned there already',
  ENOENT: 'nothing is pinned there, or its directory does not exist',
};
const NO_BTF = 'it must be raw BTF, or an ELF file with a .BTF section (clang -g makes one)';
const BTF = {
  EINVAL: "is it BTF? A module's needs its base",
  EPROTO: NO_BTF,
  EIO: NO_BTF,
  ENODATA: NO_BTF,
  LIBBPF_ERRNO__FORMAT: NO_BTF,
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  bpf_object__open_file: {
    phrase: 'open %',
    remedies: { LIBBPF_ERRNO__FORMAT: 'compile it with clang -g -O2 -target bpf -c' },
  },
  bpf_object__open_mem: {
    phrase: 'open %',
    remedies: {
      LIBBPF_ERRNO__FORMAT: 'the bytes must be a whole object file, as clang -g -O2 -target bpf -c writes it',
      EINVAL: 'the bytes must be a whole object file; is the buffer empty?',
    },
  },
  bpf_object__prepare: { phrase: 'prepare %', purpose: 'load', remedies: CREATION },
  bpf_object__load: { phrase: 'load %', purpose: 'load', remedies: CREATION },
  bpf_object__open_subskeleton: {
    phrase: 'open %',
    remedies: { ESRCH: 'the object lacks a map or program that the library names; the log says which' },
  },
  bpf_program__attach: {
    phrase: 'attach %',
    purpose: 'attach',
    remedies: {
      EOPNOTSUPP: 'its section does not say what to attach to: name the target when attaching',
      ENOENT: 'the kernel has no such event; for tracepoints, is tracefs mounted at /sys/kernel/tracing?',
      EBUSY: 'something else is attached there that does not share',
      EINVAL: 'the kernel may be too old to attach this kind of program',
    },
  },
  bpf_map__attach_struct_ops: { phrase: 'attach %', purpose: 'attach' },
  bpf_prog_test_run_opts: {
    phrase: 'test-run %',
    purpose: 'load',
    remedies: {
      ENOTSUPP: 'the kernel cannot test-run this kind of program',
      EINVAL: 'the kernel does not take these data, context or flags for this kind of program',
      ENOSPC: 'dataOut or contextOut is too small',
    },
  },
  bpf_link__detach: {
    phrase: 'detach %',
    remedies: { EOPNOTSUPP: 'this kind of link cannot be forced off: close it instead' },
  },
  bpf_link__destroy: { phrase: 'close %' },
  bpf_link__pin: { phrase: 'pin %', purpose: 'pin', remedies: PINNING },
  bpf_link__unpin: { phrase: 'unpin %', remedies: PINNING },
  bpf_map__pin: { phrase: 'pin %', purpose: 'pin', remedies: PINNING },
  bpf_map__unpin: { phrase: 'unpin %', remedies: PINNING },
  bpf_map__set_initial_value: {
    phrase: 'set the initial value of %',
    remedies: { EINVAL: 'only data sections have one, and it must have exactly the size of the section' },
  },
  bpf_map__set_value_size: {
    phrase: 'set the value size of %',
    remedies: { EOPNOTSUPP: 'only sections in array maps can be resized' },
  },
  bpf_map__set_max_entries: { phrase: 'set the number of entries of %' },
  bpf_map__set_autocreate: { phrase: 'set autocreate of %' },
  bpf_map__set_autoattach: {
    phrase: 'set autoattach of %',
    remedies: { EINVAL: 'only struct_ops maps have it' },
  },
  bpf_map__reuse_fd: { phrase: 'reuse a map for %' },
  bpf_map_get_info_by_fd: {
    phrase: 'ask the kernel about %',
    remedies: { EBADFD: 'the file descriptor is not open', EINVAL: 'the file descriptor is not a BPF map' },
  },
  bpf_map_freeze: {
    phrase: 'freeze %',
    remedies: { EBUSY: 'it is mapped writable somewhere, or frozen already' },
  },
  bpf_map_lookup_elem: { phrase: 'look up a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_update_elem: { phrase: 'set a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_delete_elem: { phrase: 'delete a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_lookup_and_delete_elem: { phrase: 'take a key of %', purpose: 'map', remedies: ELEMENTS },
  bpf_map_get_next_key: { phrase: 'list the keys of %', purpose: 'map', remedies: ELEMENTS },
  mmap: {
    phrase: 'map the memory of %',
    remedies: {
      EINVAL: 'the map has no BPF_F_MMAPABLE, or is smaller than that',
      ENOTSUPP: 'this map type has no memory to map',
      EBUSY: 'an arena can be mapped at one address only',
    },
  },
  bpf_linker__new: { phrase: 'create %' },
  bpf_linker__add_file: {
    phrase: 'link %',
    remedies: { LIBBPF_ERRNO__FORMAT: 'not a BPF object; compile it with clang -g -O2 -target bpf -c' },
  },
  bpf_linker__finalize: { phrase: 'write %' },
  btf__parse: { phrase: 'read the BTF of %', remedies: BTF },
  btf__parse_split: {
    phrase: 'read the BTF of %',
    remedies: { ...BTF, EINVAL: 'does it build on that base?' },
  },
  btf_dump__new: { phrase: 'dump the BTF of %' },
  btf_dump__dump_type: { phrase: 'dump the BTF of %' },
};

/** "load object 'agent'" */
export function operationPhrase(syscall: string, subject: string): string {
  const phrase = OPERATIONS[syscall]?.phrase ?? `${syscall} %`;
  return phrase.replace('%', () => subject).trim();
}

/** `rejected`: the verifier has said why, so that privileges are not what is missing. */
export function remedy(syscall: string, code: string, rejected: boolean): string | undefined {
  const operation = OPERATIONS[syscall];
  if (operation?.purpose !== undefined && !rejected && (code === 'EPERM' || code === 'EACCES')) {
    const missing = missingPrivilege(operation.purpose);
    if (missing !== undefined) return missing;
  }
  return rejected ? undefined : operation?.remedies?.[code];
}
