/** A file descriptor that other threads of this process can find by its token; or what one of them found so. */
export interface NativeShare {
  /** -1 once closed. */
  readonly fd: number;
  /** '' of what was found, and once closed. */
  readonly token: string;
  /** Nobody finds it from then on; what was found before stays. Twice is fine. */
  close(): void;
}
