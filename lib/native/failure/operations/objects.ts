/** Objects, their linker and their BTF. operation.ts says how to add a row. */
import type { Operation } from './operation';

const CREATION = {
  ESRCH: "the kernel's BTF lacks something that the object refers to; the log names it",
  ENOENT: 'the kernel lacks something that the object refers to; the log names it',
  E2BIG: 'a map or program is larger than the kernel allows',
  ENOMEM: 'a map is too large for the memory there is',
  EAGAIN: 'open the object anew, and load it again',
  LIBBPF_ERRNO__ENDIAN: 'compile it with -target bpf, or -target bpfel or bpfeb as this machine is',
};
const REFUSED = { EINVAL: 'the kernel may be too old for the type of the map or program that the log names' };
const NO_BTF = 'it must be raw BTF, or an ELF file with a .BTF section (clang -g makes one)';
const BTF = {
  EINVAL: "is it BTF? A module's needs its base",
  EPROTO: NO_BTF,
  EIO: NO_BTF,
  ENODATA: NO_BTF,
  LIBBPF_ERRNO__FORMAT: NO_BTF,
};

export const OBJECTS: Readonly<Record<string, Operation>> = {
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
  bpf_object__prepare: { phrase: 'prepare %', purpose: 'load', remedies: CREATION, whenRefused: REFUSED },
  bpf_object__load: { phrase: 'load %', purpose: 'load', remedies: CREATION, whenRefused: REFUSED },
  bpf_object__open_subskeleton: {
    phrase: 'open %',
    remedies: { ESRCH: 'the object lacks a map or program that the library names; the log says which' },
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
