/** Which sections libbpf knows, and for what. */

const under = (section: string, prefix: string): boolean =>
  section === prefix || section.startsWith(`${prefix}.`);

/** The sections that become internal maps, and so have variables that user space can reach. */
export function isDataSection(section: string): boolean {
  return (
    under(section, '.data') ||
    under(section, '.rodata') ||
    under(section, '.bss') ||
    section === ARENA_SECTION
  );
}

/** Global per-CPU data: libbpf 1.8 and later makes a map of it, older ones do not know it. */
export const isPerCpuSection = (section: string): boolean => under(section, '.percpu');

/** The name that LLVM gives the section of arena variables. */
export const ARENA_SECTION = '.addr_space.1';
export const KCONFIG_SECTION = '.kconfig';
export const KSYMS_SECTION = '.ksyms';
export const MAPS_SECTION = '.maps';

/** `?` marks what is not to be created unless it is asked for. */
export const isStructOpsSection = (section: string): boolean => /^\??\.struct_ops(\.link)?$/.test(section);
