import type { NativeMap } from './map';
import type { NativeProgram } from './program';

/** A `struct bpf_object`. */
export interface NativeObject {
  readonly name: string;
  /** Whether load() has succeeded. */
  readonly loaded: boolean;
  /** Whether libbpf tried prepare() or load() and failed: it tries only once. */
  readonly failed: boolean;
  /** bpf_object__prepare (libbpf 1.6 and later): everything but loading the programs. */
  prepare(): void;
  load(): void;
  /** Destroys its links, then bpf_object__close. Safe to call more than once. */
  close(): void;
  /** The object's raw BTF (btf__raw_data), a copy; null without BTF. */
  btf(): Uint8Array | null;
  /** The kernel's id handle of the loaded BTF (bpf_object__btf_fd), -1 before. */
  btfFd(): number;
  maps(): NativeMap[];
  /** Whether a ring buffer or perf event array has keys or values that are declared with a type. */
  hasTypedRecords(): boolean;
  programs(): NativeProgram[];
  /** bpf_object__find_map_by_name: BPF names, or section names such as '.data.custom'. */
  findMap(name: string): NativeMap | null;
  findProgram(name: string): NativeProgram | null;
  /**
   * bpf_object__open_subskeleton. `variables` names each variable and the map of its section, by index into
   * `maps`. The answer says where libbpf sees each variable: the offset in its map, or -1 for NULL.
   */
  openSubskeleton(request: {
    readonly name: string;
    readonly maps: readonly string[];
    readonly programs: readonly string[];
    readonly variables: readonly { readonly name: string; readonly map: number }[];
  }): { readonly offsets: Float64Array };
}
