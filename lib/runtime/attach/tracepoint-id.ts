/** What perf_event_open(2) knows a tracepoint by. */
import { readFileSync } from 'node:fs';
import { ArgumentError, NotFoundError, UnsupportedError } from '../../errors';
import { hasCode } from '../../util/has-code';

/** linux/perf_event.h */
export const PERF_TYPE_TRACEPOINT = 2;

/** Where tracefs is mounted, or mounts itself. */
const FOLDERS = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

/**
 * The number of the tracepoint 'syscalls', 'sys_enter_openat'.
 * @throws UnsupportedError where tracefs is not mounted; NotFoundError where there is no such tracepoint
 */
export function tracepointId(category: string, name: string): number {
  for (const part of [category, name]) {
    if (part === '' || part.startsWith('.') || part.includes('/')) {
      throw new ArgumentError(`tracepoint '${category}:${name}': '${part}' cannot be a part of its name`);
    }
  }
  for (const folder of FOLDERS) {
    const id = read(`${folder}/events/${category}/${name}/id`);
    if (id !== undefined) return Number(id);
    if (read(`${folder}/events/header_page`) === undefined) continue;
    throw new NotFoundError(`this kernel has no tracepoint '${category}:${name}'`);
  }
  throw new UnsupportedError(
    `attach to tracepoint '${category}:${name}': tracefs is not mounted; type: mount -t tracefs tracefs /sys/kernel/tracing`,
  );
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
