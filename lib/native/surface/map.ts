import type { NativeMapping } from './handles';
import type { NativeElements } from './elements';
import type { NativeLink } from './link';

/** What is settable of a map before prepare() and load(). */
export interface NativeMapDefinition {
  /** The section of an internal map ('.bss', '.data.custom'), else ''. */
  readonly section: string;
  readonly numaNode: number;
  readonly autocreate: boolean;
  /** bpf_map__autoattach, libbpf 1.5: of struct_ops maps. */
  readonly autoattach: boolean;
  setAutocreate(on: boolean): void;
  setAutoattach(on: boolean): void;
  /**
   * These five 'argument' for data sections, 'unsupported' for prog arrays, maps of maps, struct_ops and arenas: libbpf goes
   * by the definition of those without looking.
   */
  setType(type: number): void;
  setKeySize(n: number): void;
  setFlags(flags: number): void;
  setExtra(extra: bigint): void;
  setNumaNode(node: number): void;
  setMaxEntries(n: number): void;
  /** bpf_map__set_value_size; for a data section libbpf remaps its memory and BTF. */
  setValueSize(n: number): void;
  /** bpf_map__set_pin_path; '' for none. */
  setPinPath(path: string): void;
  /** bpf_map__set_inner_map_fd: the template of a map-in-map's inner maps. */
  setInnerMap(inner: NativeElements): void;
  /** 'argument' where the map behind `fd` is of another kind: type, sizes. */
  reuseFd(fd: number): void;
}

/** A `struct bpf_map`, owned by its object: after the object's close() every method throws 'closed'. */
export interface NativeMap extends NativeMapDefinition {
  /** bpf_map__name: internal maps have the name the kernel will see, e.g. 'agent.bss'. */
  readonly name: string;
  /** enum bpf_map_type. */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
  /** -1 before load, and for a map that load() was not to create. */
  readonly fd: number;
  readonly pinned: boolean;
  /** bpf_map__attach_struct_ops */
  attachStructOps(): NativeLink;
  /** Of a struct_ops map: a copy of its bytes, as the object's BTF lays them out, with zeros for pointers. */
  structOpsImage(): Uint8Array;
  /** Before prepare() and load(): all bytes of it but those of pointers, which stay as they are. */
  setStructOpsImage(bytes: Uint8Array): void;
  /** The functions in it: byte offset, and the name of the program there. */
  structOpsFunctions(): { readonly offset: number; readonly program: string | null }[];
  /** Before prepare() and load(). */
  setStructOpsProgram(offset: number, program: string | null): void;
  /** bpf_map__map_extra */
  readonly extra: bigint;
  /** A copy of bpf_map__initial_value; null where libbpf has none. */
  initialValue(): Uint8Array | null;
  setInitialValue(bytes: Uint8Array): void;
  /**
   * Where libbpf has put the variables of a loaded arena (bpf_object__load_skeleton), in its own mapping: the object's
   * descriptors and mappings stay until the buffer is detached or collected. One buffer at a time. 'not-loaded' before
   * load, 'unsupported' where the arena has no variables or is not mapped (it was found pinned).
   */
  arenaMemory(): NativeMapping;
  /** bpf_map__pin_path; '' where it has none. */
  readonly pinPath: string;
  pin(path?: string): void;
  unpin(path?: string): void;
  freeze(): void;
  /** The map as the kernel has it; 'not-loaded' before. The same one each time, until it is reused or closed. */
  elements(): NativeElements;
}
