/** What the kernel says of a program or link, as the struct it writes. */
export interface NativeInfo {
  /** `struct bpf_prog_info` or `struct bpf_link_info`, with zeros behind what this kernel knows. */
  readonly bytes: Uint8Array;
  /** How many of them the kernel wrote. */
  readonly length: number;
  /** The name or path that belongs to it; ''. */
  readonly text: string;
  /** Of a program: the ids of its maps. Of a kprobe_multi link: addresses, cookies; of uprobe_multi: offsets, offsets of
   * reference counters, cookies. */
  readonly arrays: readonly BigUint64Array[];
}
