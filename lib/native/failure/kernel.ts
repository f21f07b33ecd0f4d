/** Which kernel this is, as far as it says: read only when a call was refused, or when somebody asks. */
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import type { Requirement } from '../../uapi/requirement';

/** A parameter so that tests can be on another one. */
export interface Kernel {
  /** '6.1.0-18-amd64' */
  readonly release: string;
  /** The kernel's configuration, as text; undefined where it is nowhere to be read. */
  readonly config: () => string | undefined;
}

const read = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

let configText: { readonly text: string | undefined } | undefined;

/** /proc/config.gz (CONFIG_IKCONFIG_PROC), or what distributions keep in /boot: libbpf's places. */
function runningConfig(): string | undefined {
  if (configText === undefined) {
    const zipped = read('/proc/config.gz');
    const text = zipped === undefined ? read(`/boot/config-${release()}`) : gunzipSync(zipped);
    configText = { text: text?.toString('latin1') };
  }
  return configText.text;
}

export const runningKernel = (): Kernel => ({ release: release(), config: runningConfig });

/** Whether the kernel shows its own types. */
export const hasKernelBtf = (): boolean => existsSync('/sys/kernel/btf/vmlinux');

/** Whether a release comes before a version: ('5.4.0-42-generic', '5.8') → true. False for what is no release. */
export function isOlder(kernelRelease: string, version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [, itsMajor = NaN, itsMinor = NaN] = (/^(\d+)\.(\d+)/.exec(kernelRelease) ?? []).map(Number);
  return itsMajor < major || (itsMajor === major && itsMinor < minor);
}

/** 'y', 'm', a value, 'n' for what is not set; undefined where the configuration is not to be read. */
export function configOption(name: string, kernel: Kernel = runningKernel()): string | undefined {
  const config = kernel.config();
  if (config === undefined) return undefined;
  return new RegExp(`^${name}=(.*)$`, 'm').exec(config)?.[1] ?? 'n';
}

/**
 * What the kernel is missing of a requirement, as a sentence that begins with `what`; undefined where nothing is
 * known to be missing. 'need' or 'needs' is `what`'s own.
 */
export function unmet(
  what: string,
  requirement: Requirement,
  kernel: Kernel = runningKernel(),
): string | undefined {
  if (isOlder(kernel.release, requirement.kernel)) {
    return `${what} kernel ${requirement.kernel}; this is ${kernel.release}`;
  }
  const missing = requirement.config.filter((option) => configOption(option, kernel) === 'n');
  if (missing.length === 0) return undefined;
  return `${what} a kernel with ${missing.join(' and ')}; this one was built without`;
}
