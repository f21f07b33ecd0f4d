/** The door of linking: what it needs is loaded when somebody links, and not with the package. */
import type { LinkOptions } from './link-objects';

export type { LinkOptions } from './link-objects';

/**
 * Links BPF objects into one, with libbpf's own linker in a process of its own, until the offsets in BTF and in the
 * symbol table agree.
 *
 * @throws LinkError naming the symbol, files and sections of every conflict; ElfError for what is no BPF object;
 *   AddonError where the native addon cannot be loaded. bpf_linker__add_file, bpf_linker__finalize
 */
export function linkObjects(options: LinkOptions): Promise<void> {
  return (require('./link-objects') as typeof import('./link-objects')).linkObjects(options);
}
