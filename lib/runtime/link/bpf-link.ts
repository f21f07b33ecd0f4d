import { inspect } from 'node:util';
import type { RawBtf } from '../../btf/records/record-table';
import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { loadAddon } from '../../native/load/load';
import type { NativeLink } from '../../native/surface/link';
import { BpfIterator } from './bpf-iterator';
import { decodeLinkInfo, type LinkInfo } from './link-info';
import { checkPinPath } from './pin-path';
import { Internals } from '../../util/internals';
import { checkOurs, OURS } from '../../util/ours';
import { show } from '../../util/show';
import { markCopy } from '../../util/copies';

/** What is attached: a BpfProgram, or the BpfMap of struct_ops. */
export interface LinkTarget {
  readonly name: string;
  /** -1 before load. */
  readonly fd: number;
}

/** What stands behind a BpfLink. */
export interface LinkState {
  readonly native: NativeLink;
  /** undefined for a link that was opened by its pin, id or descriptor, until it is updated. */
  target: LinkTarget | undefined;
  /** The open links of the object or program that it was made through; undefined for a link by itself. */
  readonly siblings: Set<BpfLink> | undefined;
  /** The BTF of its program's object, where the names of types are looked up. */
  readonly btf: (() => RawBtf) | undefined;
}

const states = new Internals<object, LinkState>();

/** @throws ArgumentError for anything but a BpfLink */
export const linkStateOf = (link: BpfLink): LinkState => states.of(link) ?? refuse('link', 'a BpfLink', link);

/**
 * An attachment of a program (`struct bpf_link`). The object keeps it alive: dropping the last reference detaches
 * nothing, `close()` of the link or of its object does. Links that were opened by their pin or id belong to nobody else:
 * they are closed by close(), or when they are collected.
 */
export class BpfLink {
  readonly #state: LinkState;
  #closed = false;

  /** @internal `siblings`: the owner's open links. */
  constructor(
    ours: typeof OURS,
    native: NativeLink,
    target?: LinkTarget,
    siblings?: Set<BpfLink>,
    btf?: () => RawBtf,
  ) {
    checkOurs(ours, 'BpfLink', 'attach() and its like give one, and openPinned(), fromId(), fromFd()');
    this.#state = { native, target, siblings, btf };
    states.keep(this, this.#state);
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
    return this.#state.target;
  }

  /** The link's file descriptor; -1 for attachments that have none, and after close(). bpf_link__fd */
  get fd(): number {
    return this.#closed ? -1 : this.#state.native.fd;
  }

  /** Whether close() has been called on it (its object's close() counts too). */
  get closed(): boolean {
    return this.#closed || this.#state.native.destroyed;
  }

  /** What the kernel says of it, by its type. bpf_link_get_info_by_fd; kernel 5.8 */
  info(): LinkInfo {
    return decodeLinkInfo(this.#state.native.info());
  }

  /**
   * Puts another loaded program in the place of the one that is attached, with nothing missed in between. Not every type
   * of link can; for struct_ops, StructOps.update() does. bpf_link_update; kernel 5.7
   * @param options.expected fails with EPERM unless this program is attached now
   */
  update(target: LinkTarget, options: { readonly expected?: LinkTarget | undefined } = {}): void {
    checkOptions<{ readonly expected?: LinkTarget | undefined }>(options, 'options', { expected: 'any' });
    this.#state.native.updateProgram(descriptor(target, 'program'), expectedFd(options.expected));
    this.#state.target = target;
  }

  /** One pass over what an iterator walks: of links of SEC("iter/…") programs. bpf_iter_create; kernel 5.8 */
  iterate(): BpfIterator {
    return new BpfIterator(this.#state.native.iterate(), `iterator of ${this.#name()}`, this.#state.btf);
  }

  /**
   * Forces the detachment, even where somebody else holds the link too. bpf_link__detach; kernel 5.9 and later, and
   * only some kinds of links have it (BpfError EOPNOTSUPP otherwise): `close()` is what you usually want.
   */
  detach(): void {
    this.#state.native.detach();
  }

  /** Keeps the attachment alive beyond this process, as a file of a BPF file system. bpf_link__pin */
  pin(path: string): void {
    checkPinPath(path);
    this.#state.native.pin(path);
  }

  /** Where it was pinned by pin(), or opened from by openPinned(); undefined for nowhere. bpf_link__pin_path */
  get pinPath(): string | undefined {
    const path = this.#state.native.pinPath;
    return path === '' ? undefined : path;
  }

  /** Removes the pin. bpf_link__unpin */
  unpin(): void {
    this.#state.native.unpin();
  }

  /** Detaches (unless pinned) and frees. Safe to call more than once. bpf_link__destroy */
  close(): void {
    if (this.#closed) return;
    ensureStack(SHALLOW);
    this.#closed = true;
    this.#state.siblings?.delete(this);
    this.#state.native.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'BpfLink',
      { target: () => this.#state.target?.name, pinPath: () => this.pinPath, closed: () => this.closed },
      options,
    );
  }

  #name(): string {
    const { target } = this.#state;
    return target === undefined ? `link ${String(this.fd)}` : `'${target.name}'`;
  }
}

markCopy(BpfLink);

function descriptor(program: unknown, name: string): number {
  const { fd } = (program ?? {}) as Partial<LinkTarget>;
  if (typeof fd !== 'number') refuse(name, 'a BpfProgram', program);
  checkInteger(fd, `${name} (its object must be loaded) .fd`, 0, 0x7fff_ffff);
  return fd;
}

const expectedFd = (expected: LinkTarget | undefined): number | undefined =>
  expected === undefined ? undefined : descriptor(expected, 'options.expected');
