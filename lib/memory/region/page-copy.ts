/** Memory that may only be read, and that others may change. */
export interface ReadOnlyPages {
  copy(offset: number, to: Uint8Array): void;
}

/** Reads read-only pages by copies of this moment: no view may lie over them (region.ts says why). */
export class PageCopy {
  readonly #pages: ReadOnlyPages;
  readonly #size: number;
  /** Made when somebody reads. Each part is copied to where it lies in the pages. */
  #view: DataView | undefined;

  constructor(pages: ReadOnlyPages, size: number) {
    this.#pages = pages;
    this.#size = size;
  }

  /** A view of all, in which `size` bytes at `offset` are good; what lies beyond the end is for the caller to notice. */
  reading(offset: number, size: number): DataView {
    this.#view ??= new DataView(new ArrayBuffer(this.#size));
    const length = Math.max(0, Math.min(size, this.#size - offset));
    if (length > 0) this.#pages.copy(offset, new Uint8Array(this.#view.buffer, offset, length));
    return this.#view;
  }
}
