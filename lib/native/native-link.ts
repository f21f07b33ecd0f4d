/** A `struct bpf_link`. */
export interface NativeLink {
  /** -1 for links that have none (legacy attachments), or after destroy. */
  readonly fd: number;
  /** bpf_link__detach: forced, even if others hold the link; where the kernel supports it. */
  detach(): void;
  /** bpf_link__destroy: detaches unless pinned, and frees. Twice is fine. */
  destroy(): void;
  pin(path: string): void;
  unpin(): void;
}
