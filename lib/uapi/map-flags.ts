/** linux/bpf.h: the flags of map elements and of maps. */

/** Flags of set(): any (default), only new keys, only existing ones; with the value's spin lock held (also of get()). */
export const BPF_ANY = 0;
export const BPF_NOEXIST = 1;
export const BPF_EXIST = 2;
export const BPF_F_LOCK = 4;

/** Of a hash map: elements get their memory when they are stored. What LPM tries and storage must have. */
export const BPF_F_NO_PREALLOC = 1 << 0;
/** Of an LRU hash map: each CPU drops its own least recently used elements. */
export const BPF_F_NO_COMMON_LRU = 1 << 1;
/** `numaNode` says where its memory is, and adds this. */
export const BPF_F_NUMA_NODE = 1 << 2;
/** User space can only read it; only write it. Kernel 4.15 */
export const BPF_F_RDONLY = 1 << 3;
export const BPF_F_WRONLY = 1 << 4;
/** Of a hash map: seeded with 0, for tests. Kernel 5.0 */
export const BPF_F_ZERO_SEED = 1 << 6;
/** BPF programs can only read it; only write it. Kernel 5.2 */
export const BPF_F_RDONLY_PROG = 1 << 7;
export const BPF_F_WRONLY_PROG = 1 << 8;
/** Of an array: user space can map it, for `at()` and `asArray()`. Kernel 5.5 */
export const BPF_F_MMAPABLE = 1 << 10;
/** Of a perf event array: events stay when the descriptor that stored them is closed. Kernel 5.10 */
export const BPF_F_PRESERVE_ELEMS = 1 << 11;
/** Of an array that is an inner map: others of its kind may have another maxEntries. Kernel 5.10 */
export const BPF_F_INNER_MAP = 1 << 12;
/** Of a ring buffer: new records take the place of the oldest. `RingBuffer` refuses such a map. Kernel 6.19 */
export const BPF_F_RB_OVERWRITE = 1 << 19;
