/** How clang is called for BPF: target, architecture, include paths. */
import fs from 'node:fs';
import path from 'node:path';
import { hostArch } from '../util/kernel-arch';

/** What libbpf's <bpf/bpf_tracing.h> knows. */
export const ARCHES = [
  'x86',
  'arm64',
  'arm',
  'riscv',
  's390',
  'powerpc',
  'loongarch',
  'mips',
  'sparc',
  'arc',
] as const;

/** Debian's folders of headers like <asm/types.h>, which is not for BPF but serves it. */
const MULTIARCH: Readonly<Record<string, string>> = {
  x86: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  riscv: 'riscv64-linux-gnu',
  s390: 's390x-linux-gnu',
  powerpc: 'powerpc64le-linux-gnu',
};

/** The folder in which <bpf/bpf_helpers.h> is: the package brings libbpf's headers along. */
export function libbpfHeaders(): string | undefined {
  const root = path.join(__dirname, '..', '..');
  const folders = ['include', 'deps/libbpf/include'].map((folder) => path.join(root, folder));
  return folders.find((folder) => fs.existsSync(path.join(folder, 'bpf/bpf_helpers.h')));
}

/** A shell's words: blanks part them, quotes and backslashes keep them together. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
      (_, single?: string, double?: string, char?: string) =>
        double === undefined ? (single ?? char ?? '') : double.replaceAll(/\\(["\\$`])/g, '$1'),
    ),
  );
}

export interface ClangOptions {
  /** An architecture of ARCHES; by default this machine's. */
  readonly arch: string | undefined;
  /** More flags; they come last and so have the last word. */
  readonly flags: readonly string[];
}

/** The flags of every compilation, without the files. */
export function clangFlags({ arch, flags }: ClangOptions): string[] {
  // For another machine the byte order must be said; `bpf` alone means this one's.
  const target = arch === undefined ? 'bpf' : arch === 's390' || arch === 'sparc' ? 'bpfeb' : 'bpfel';
  const kernelArch = arch ?? hostArch();
  const headers = libbpfHeaders();
  const multiarch = `/usr/include/${MULTIARCH[kernelArch] ?? ''}`;
  return [
    ...['-g', '-O2', '-target', target, `-D__TARGET_ARCH_${kernelArch}`],
    // Linux 6.19 and later are compiled with it: a vmlinux.h of theirs has members such as `struct ns_tree;`, which clang
    // drops otherwise, with a warning, and the struct gets another size.
    ...['-fms-extensions', '-Wno-microsoft-anon-tag'],
    ...(headers === undefined ? [] : ['-isystem', headers]),
    ...(multiarch !== '/usr/include/' && fs.existsSync(multiarch) ? ['-idirafter', multiarch] : []),
    ...flags,
  ];
}

/** The compiler's file and its age: after an upgrade everything is compiled again. '' where it is not found. */
export function clangIdentity(clang: string, searchPath: string): string {
  const files = clang.includes('/')
    ? [clang]
    : searchPath.split(':').map((folder) => path.join(folder, clang));
  for (const file of files) {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() === true) return `${fs.realpathSync(file)} ${String(stat.mtimeMs)}`;
  }
  return '';
}
