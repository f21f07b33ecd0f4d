/** Why the addon did not load, and what to type next. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AddonError } from '../errors';

export interface LoadAttempt {
  /** The binary that was tried; '' when none was found. */
  readonly file: string;
  /** The package's directory. */
  readonly root: string;
}

/** The machine, as far as it decides; a parameter so that tests can be on another one. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** '2.36'; undefined where the C library is not glibc (Alpine's musl). */
  readonly glibc: string | undefined;
}

export function explain(error: unknown, attempt: LoadAttempt, machine: Machine = thisMachine()): AddonError {
  const message = error instanceof Error ? error.message : String(error);
  const reason = cause(message, attempt, machine);
  return new AddonError(`the native addon of libbpf-subskel did not load: ${reason}`, { cause: error });
}

function cause(message: string, { file, root }: LoadAttempt, machine: Machine): string {
  if (machine.platform !== 'linux') {
    return (
      `BPF is a part of the Linux kernel, and this is ${machine.platform}. ` +
      'describe(), the generator and `libbpf-subskel gen subskeleton` work here; objects can be opened on Linux only.'
    );
  }
  const here = `linux-${machine.arch}`;
  const checkout = existsSync(path.join(root, 'binding.gyp'));
  if (file === '') {
    return checkout
      ? `it has not been built in ${root}. Type: npm run build:native`
      : `the package has no binary for ${here}${libc(machine)}. Build it from a checkout of the repository ` +
          'with `npm run build:native`, and name the result in LIBBPF_SUBSKEL_ADDON.';
  }
  if (!existsSync(file)) return `${file} does not exist (named by LIBBPF_SUBSKEL_ADDON).`;
  const next = checkout
    ? 'Type: npm run build:native -- --force'
    : 'Install the package again on this machine.';
  const glibc = /GLIBC_([\d.]+)'? not found/.exec(message)?.[1];
  if (glibc !== undefined) {
    return (
      `${file} needs glibc ${glibc}, this system has ${machine.glibc ?? 'another C library'}. ` +
      `It was built on a newer system. ${next}`
    );
  }
  if (/wrong ELF class|cannot open shared object file|invalid ELF header|file too short/.test(message)) {
    return `${file} is not a binary for ${here}${libc(machine)}, or is damaged (${message}). ${next}`;
  }
  if (/did not self-register|NODE_MODULE_VERSION|undefined symbol: napi_|no such symbol/i.test(message)) {
    return `${file} does not fit this Node.js ${process.version} (${message}). ${next}`;
  }
  return `${file}: ${message}. ${next}`;
}

const libc = ({ glibc }: Machine): string => (glibc === undefined ? ' with musl' : ` with glibc ${glibc}`);

function thisMachine(): Machine {
  const { platform, arch } = process;
  if (platform !== 'linux') return { platform, arch, glibc: undefined };
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform, arch, glibc: report.header.glibcVersionRuntime };
}
