import type { NativeFd, NativeInfo } from './handles';
import type { NativeMap } from './map';

/** A `struct bpf_link`, or the descriptor of a link that was opened by its pin or its id. */
export interface NativeLink {
  /** -1 where the kernel has no link behind the attachment, and after destroy. */
  readonly fd: number;
  readonly destroyed: boolean;
  /** bpf_link__pin_path; '' where it has none. */
  readonly pinPath: string;
  /** bpf_link_get_info_by_fd */
  info(): NativeInfo;
  /** bpf_link_update; `expected` is the descriptor of the program that must be attached now. */
  updateProgram(program: number, expected?: number): void;
  /** bpf_link__update_map: of struct_ops links. */
  updateMap(map: NativeMap): void;
  /** bpf_iter_create: a descriptor to read one pass of the iterator from. */
  iterate(): NativeFd;
  /** bpf_link__detach: forced, even if others hold the link; where the kernel supports it. */
  detach(): void;
  /** bpf_link__destroy: detaches unless pinned, and frees. Safe to call more than once. */
  destroy(): void;
  pin(path: string): void;
  unpin(): void;
}
