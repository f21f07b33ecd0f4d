/** The kernel's names of architectures, by Node's. */
export const KERNEL_ARCH: Readonly<Record<string, string>> = {
  x64: 'x86',
  ia32: 'x86',
  arm64: 'arm64',
  arm: 'arm',
  riscv64: 'riscv',
  s390x: 's390',
  ppc64: 'powerpc',
  loong64: 'loongarch',
  mips: 'mips',
  mipsel: 'mips',
};

/** This machine's, by the kernel's name. */
export const hostArch = (): string => KERNEL_ARCH[process.arch] ?? process.arch;
