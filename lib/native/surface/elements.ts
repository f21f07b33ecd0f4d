/** A map that the kernel has, of an object or of its own: what can be done by its file descriptor alone. */
export interface NativeElements {
  /** For users: a descriptor that may be closed without harm, made when it is asked for; -1 once closed. */
  readonly fd: number;
  readonly closed: boolean;
  /** As the kernel has it: nothing of this ever changes. */
  layout(): NativeLayout;
  /**
   * Where keys and values pass to and from the kernel, so that a call hands over nothing: never shown to users. It
   * begins with the control words. One memory for all handles of the map; each call gives another buffer over it.
   */
  memory(): ArrayBuffer;
  /** A new function that does what the control words say. It throws nothing. */
  runner(): () => void;
  /** bpf_map_get_info_by_fd */
  info(): NativeMapInfo;
  /** The raw BTF that the kernel keeps with the map, a copy; null where there is none. bpf_btf_get_fd_by_id */
  btf(): Uint8Array | null;
  /** bpf_map_freeze */
  freeze(): void;
  /** bpf_obj_pin */
  pin(path: string): void;
  /** Closes the descriptor, for all handles of the map. Safe to call more than once. */
  close(): void;
  /**
   * bpf_map_lookup_batch, or with `remove` bpf_map_lookup_and_delete_batch: as many as there is room for in `keys` and
   * `values`. `tokens` is the position of the walk, twice max(4, keySize) bytes.
   */
  lookupBatch(
    first: boolean,
    remove: boolean,
    flags: number,
    tokens: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
  ): NativeBatch;
  /** bpf_map_update_batch */
  updateBatch(count: number, flags: number, keys: Uint8Array, values: Uint8Array): NativeBatch;
  /** bpf_map_delete_batch */
  deleteBatch(count: number, keys: Uint8Array): NativeBatch;
}

/** The control words of `memory()`, as 32-bit words: what is to be done, how it went, 64 bits of flags. */
export const CONTROL = { operation: 0, error: 1, flagsLow: 2, flagsHigh: 3, words: 4 } as const;

/** What a runner can do. 0 and 2: no such key is ENOENT. */
export const RUN = { lookup: 0, update: 1, delete: 2, take: 3, firstKey: 4, nextKey: 5 } as const;

/** The `error` of a call after close(); else it is 0 or an errno. */
export const RUN_CLOSED = -1;

export interface NativeLayout {
  /** enum bpf_map_type. */
  readonly type: number;
  readonly keyOffset: number;
  /** 0 for maps without keys. */
  readonly keySize: number;
  readonly valueOffset: number;
  /** Of per-CPU maps the values of all possible CPUs, each rounded up to 8 bytes. */
  readonly valueSize: number;
}

/** How many elements the kernel has dealt with, and why no more; 0: no error. */
export interface NativeBatch {
  readonly count: number;
  readonly errno: number;
}

/** struct bpf_map_info */
export interface NativeMapInfo {
  readonly type: number;
  readonly id: number;
  readonly keySize: number;
  /** Of per-CPU maps one CPU's. */
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly name: string;
  readonly ifindex: number;
  readonly netnsDevice: bigint;
  readonly netnsInode: bigint;
  readonly btfId: number;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
  readonly btfVmlinuxValueTypeId: number;
  readonly extra: bigint;
}

/** bpf_map_create */
export interface NativeCreateMap {
  readonly type: number;
  readonly name?: string | undefined;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags?: number | undefined;
  readonly extra?: number | undefined;
  readonly numaNode?: number | undefined;
  readonly inner?: NativeElements | undefined;
  /** Loaded into the kernel before (btf__load_into_kernel), where the map keeps it. */
  readonly btf?: Uint8Array | undefined;
  readonly btfKeyTypeId?: number | undefined;
  readonly btfValueTypeId?: number | undefined;
}
