/** A file descriptor of ours: closed by close(), or by the garbage collector. */
export interface NativeFd {
  /** -1 once closed. */
  readonly fd: number;
  close(): void;
}
