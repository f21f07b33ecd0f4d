/** Why the addon did not load, and what to type next. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AddonError } from '../../errors';
import { glibcVersion } from './libc';

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

/** Not what a bundler has made of it. */
function isPackage(root: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { name?: unknown };
    return name === 'libbpf-subskel';
  } catch {
    return false;
  }
}

/** What compiles the addon here: in a checkout its own script, in an installed package a command of it. */
function build(root: string, force: boolean): string {
  if (existsSync(path.join(root, 'tsconfig.json'))) {
    return `Type: npm run build:native${force ? ' -- --force' : ''}`;
  }
  return 'Type: npx libbpf-subskel build-addon (it needs bash, g++, make, python3 and the network)';
}

function cause(message: string, { file, root }: LoadAttempt, machine: Machine): string {
  if (machine.platform !== 'linux') {
    return (
      `BPF is a part of the Linux kernel, and this is ${machine.platform}. ` +
      'describe(), the generator and `libbpf-subskel gen subskeleton` work here; objects can be opened on Linux only.'
    );
  }
  if (/loading addons is disabled/i.test(message)) {
    return (
      `this Node.js process may load none (${message.replace(/\.+$/, '')}). ` +
      'Start it without --no-addons; with the permission model (--permission), add --allow-addons'
    );
  }
  const here = `linux-${machine.arch}${libc(machine)}`;
  if (file === '' && !isPackage(root)) {
    return (
      `${root} has no binary for ${here}, and is not the package's folder: this is a bundle. Copy the folder prebuilds of libbpf-subskel ` +
      'beside it, or leave the package out of it (esbuild: --external:libbpf-subskel)'
    );
  }
  if (file === '') return `${root} has no binary for ${here}. ${build(root, false)}`;
  if (!existsSync(file)) return `${file} does not exist (named by LIBBPF_SUBSKEL_ADDON).`;
  const next = build(root, true);
  const needed = /GLIBC_([\d.]+)'? not found/.exec(message)?.[1];
  if (needed !== undefined && machine.glibc !== undefined) {
    return `${file} needs glibc ${needed}, this system has ${machine.glibc}. ${next}`;
  }
  if (/libc\.so: |libc\.musl-|ld-linux-|ld-musl-|Error relocating|GLIBC_/.test(message)) {
    return `${file} was made for another C library than the one here (${here}): ${message}. ${next}`;
  }
  if (/wrong ELF class|cannot open shared object file|invalid ELF header|file too short/.test(message)) {
    return `${file} is not a binary for ${here}, or is damaged (${message}). ${next}`;
  }
  if (/did not self-register|NODE_MODULE_VERSION|undefined symbol: napi_|no such symbol/i.test(message)) {
    return `${file} does not fit this Node.js ${process.version} (${message}). ${next}`;
  }
  return `${file}: ${message}. ${next}`;
}

const libc = ({ glibc }: Machine): string => (glibc === undefined ? ' with musl' : ` with glibc ${glibc}`);

function thisMachine(): Machine {
  const { platform, arch } = process;
  return { platform, arch, glibc: platform === 'linux' ? glibcVersion() : undefined };
}
