/** Which C library this process runs on: a binary for the other one does not load. */
import { readFileSync } from 'node:fs';

export type Libc = 'glibc' | 'musl';

/**
 * By what is mapped into this very process: musl distributions other than Alpine have no /etc/alpine-release, a
 * system can have both, and process.report, which would know, takes 30 ms (and looks up the names of open sockets).
 */
export function libc(maps: string = ownMaps()): Libc {
  return maps === '' || /\/(libc\.so\.6|libc-2\.\d+\.so)$/m.test(maps) ? 'glibc' : 'musl';
}

/** '2.36'; undefined where the C library is not glibc. Slow: for messages. */
export function glibcVersion(): string | undefined {
  if (libc() === 'musl') return undefined;
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime;
}

function ownMaps(): string {
  try {
    return readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return '';
  }
}
