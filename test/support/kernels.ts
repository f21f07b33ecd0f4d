/** The kernels that scripts/fetch-kernel brought. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const FOLDER = path.join(ROOT, '.cache/kernels');

export interface FetchedKernel {
  /** Debian's suite. */
  readonly suite: string;
  /** What test/vm/KERNELS has, '7.3.4-1~bpo13+1'. */
  readonly version: string;
  /** The file with its BTF; undefined where it was not fetched. */
  readonly btf: string | undefined;
}

/** All that test/vm/KERNELS lists, oldest first. */
export function listedKernels(): readonly FetchedKernel[] {
  const lines = readFileSync(path.join(ROOT, 'test/vm/KERNELS'), 'utf8').split('\n');
  const versions = new Map<string, string>();
  for (const line of lines) {
    const [suite = '', , version = ''] = line.split(' ');
    if (suite !== '' && suite !== '#') versions.set(suite, version);
  }
  return [...versions].map(([suite, version]) => {
    const file = path.join(FOLDER, suite, 'vmlinux.btf');
    return { suite, version, btf: existsSync(file) ? file : undefined };
  });
}
