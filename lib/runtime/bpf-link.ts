import type { NativeLink } from '../native/native-link';
import type { BpfMap } from './bpf-map';
import type { BpfProgram } from './bpf-program';

/**
 * An attachment of a program (`struct bpf_link`). The object keeps it alive: dropping the last reference detaches
 * nothing, `close()` of the link or of its object does.
 */
export class BpfLink {
  readonly #native: NativeLink;
  /** What is attached: a program, or a struct_ops map. */
  readonly target: BpfProgram | BpfMap;
  #closed = false;

  /** @internal */
  constructor(native: NativeLink, target: BpfProgram | BpfMap) {
    this.#native = native;
    this.target = target;
  }

  /** The link's file descriptor; -1 for attachments that have none, and after close(). bpf_link__fd */
  get fd(): number {
    return this.#closed ? -1 : this.#native.fd;
  }

  /** Whether close() has been called on it (its object's close() counts too). */
  get closed(): boolean {
    return this.#closed || this.#native.fd < 0;
  }

  /**
   * Forces the detachment, even where somebody else holds the link too. bpf_link__detach; kernel 5.9 and later, and
   * only some kinds of links have it (BpfError EOPNOTSUPP otherwise): `close()` is what you usually want.
   */
  detach(): void {
    this.#native.detach();
  }

  /** Keeps the attachment alive beyond this process, as a file of a BPF file system. bpf_link__pin */
  pin(path: string): void {
    this.#native.pin(path);
  }

  /** Removes the pin. bpf_link__unpin */
  unpin(): void {
    this.#native.unpin();
  }

  /** Detaches (unless pinned) and frees. Twice is fine. bpf_link__destroy */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#native.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
