export const PINNING = {
  EINVAL: 'is the path in a BPF file system (mount -t bpf), and not another than that of an earlier pin?',
  EEXIST: 'something is pinned there already',
  ENOENT: 'nothing is pinned there, or its directory does not exist',
};
