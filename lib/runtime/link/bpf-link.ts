import { inspect } from 'node:util';
import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { loadAddon } from '../../native/load/load';
import type { NativeLink } from '../../native/surface/link';
import type { NativeMap } from '../../native/surface/map';
import { BpfIterator } from './bpf-iterator';
import type { BpfMap } from '../map/bpf-map';
import type { BpfProgram } from '../program/bpf-program';
import { decodeLinkInfo, type LinkInfo } from './link-info';
import { checkPinPath } from './pin-path';
import { checkOurs, OURS } from '../../util/ours';
import { show } from '../../util/show';

/** What is attached: a program, or a struct_ops map. */
export type LinkTarget = Pick<BpfProgram, 'name' | 'fd'> | Pick<BpfMap, 'name' | 'fd'>;

/** Has a struct_ops link register another map: for StructOps, and nobody else. */
export let replaceMap: (link: BpfLink, native: NativeMap, map: LinkTarget) => void;

/**
 * An attachment of a program (`struct bpf_link`). The object keeps it alive: dropping the last reference detaches
 * nothing, `close()` of the link or of its object does. Links that were opened by their pin or id belong to nobody else:
 * they are closed by close(), or when they are collected.
 */
export class BpfLink {
  readonly #native: NativeLink;
  readonly #siblings: Set<BpfLink> | undefined;
  #target: LinkTarget | undefined;
  #closed = false;

  static {
    replaceMap = (link, native, map) => {
      link.#native.updateMap(native);
      link.#target = map;
    };
  }

  /** @internal `siblings`: the owner's open links. */
  constructor(ours: typeof OURS, native: NativeLink, target?: LinkTarget, siblings?: Set<BpfLink>) {
    checkOurs(ours, 'BpfLink', 'attach() and its like give one, and openPinned(), fromId(), fromFd()');
    this.#native = native;
    this.#target = target;
    this.#siblings = siblings;
    siblings?.add(this);
  }

  /** A pinned link. bpf_obj_get; kernel 5.7 */
  static openPinned(path: string): BpfLink {
    checkString(path, 'path');
    return new BpfLink(OURS, loadAddon().openPinnedLink(path));
  }

  /** A link of any process. bpf_link_get_fd_by_id; kernel 5.8, CAP_SYS_ADMIN */
  static fromId(id: number): BpfLink {
    checkInteger(id, 'id', 0, 0xffff_ffff);
    return new BpfLink(OURS, loadAddon().openLinkId(id));
  }

  /** The link behind a descriptor, which stays the caller's. */
  static fromFd(fd: number): BpfLink {
    checkInteger(fd, 'fd', 0, 0x7fff_ffff);
    return new BpfLink(OURS, loadAddon().openLinkFd(fd));
  }

  /** What is attached: a program, or a struct_ops map; undefined for a link that was opened by its pin, id or descriptor. */
  get target(): LinkTarget | undefined {
    return this.#target;
  }

  /** The link's file descriptor; -1 for attachments that have none, and after close(). bpf_link__fd */
  get fd(): number {
    return this.#closed ? -1 : this.#native.fd;
  }

  /** Whether close() has been called on it (its object's close() counts too). */
  get closed(): boolean {
    return this.#closed || this.#native.destroyed;
  }

  /** What the kernel says of it, by its type. bpf_link_get_info_by_fd; kernel 5.8 */
  info(): LinkInfo {
    return decodeLinkInfo(this.#native.info());
  }

  /**
   * Puts another loaded program in the place of the one that is attached, with nothing missed in between. Not every type
   * of link can; for struct_ops, StructOps.update() does. bpf_link_update; kernel 5.7
   * @param options.expected fails with EPERM unless this program is attached now
   */
  update(target: BpfProgram, options: { readonly expected?: BpfProgram | undefined } = {}): void {
    checkOptions(options, 'options', { expected: 'any' });
    this.#native.updateProgram(descriptor(target, 'program'), expectedFd(options.expected));
    this.#target = target;
  }

  /** One pass over what an iterator walks: of links of SEC("iter/…") programs. bpf_iter_create; kernel 5.8 */
  iterate(): BpfIterator {
    return new BpfIterator(this.#native.iterate(), `iterator of ${this.#name()}`);
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
    checkPinPath(path);
    this.#native.pin(path);
  }

  /** Where it was pinned by pin(), or opened from by openPinned(); undefined for nowhere. bpf_link__pin_path */
  get pinPath(): string | undefined {
    const path = this.#native.pinPath;
    return path === '' ? undefined : path;
  }

  /** Removes the pin. bpf_link__unpin */
  unpin(): void {
    this.#native.unpin();
  }

  /** Detaches (unless pinned) and frees. Twice is fine. bpf_link__destroy */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#siblings?.delete(this);
    this.#native.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'BpfLink',
      { target: () => this.#target?.name, pinPath: () => this.pinPath, closed: () => this.closed },
      options,
    );
  }

  #name(): string {
    return this.#target === undefined ? `link ${String(this.fd)}` : `'${this.#target.name}'`;
  }
}

function descriptor(program: unknown, name: string): number {
  const { fd } = (program ?? {}) as Partial<BpfProgram>;
  if (typeof fd !== 'number') refuse(name, 'a BpfProgram', program);
  checkInteger(fd, `${name} (its object must be loaded) .fd`, 0, 0x7fff_ffff);
  return fd;
}

const expectedFd = (expected: BpfProgram | undefined): number | undefined =>
  expected === undefined ? undefined : descriptor(expected, 'options.expected');
