/** What perf_event_open(2) knows a tracepoint by. */
import { readFileSync } from 'node:fs';
import { ArgumentError, NotFoundError, UnsupportedError } from '../../errors';
import { withoutTracepoint } from '../../native/failure/kernel-events';
import { hasCode } from '../../util/has-code';
import { eventsFolder } from '../../util/tracefs';

/** linux/perf_event.h */
export const PERF_TYPE_TRACEPOINT = 2;

/**
 * The number of the tracepoint 'syscalls', 'sys_enter_openat'.
 * @throws UnsupportedError where tracefs is not mounted; NotFoundError where there is no such tracepoint
 */
export function tracepointId(category: string, name: string): number {
  for (const part of [category, name]) {
    if (part === '' || part.startsWith('.') || part.includes('/')) {
      throw new ArgumentError(`tracepoint '${category}/${name}': '${part}' cannot be a part of its name`);
    }
  }
  const events = eventsFolder();
  const refusal = (): string =>
    `attach to tracepoint '${category}/${name}': ${withoutTracepoint(category, name)}`;
  if (events === undefined) throw new UnsupportedError(refusal());
  try {
    return Number(readFileSync(`${events}/${category}/${name}/id`, 'latin1'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new NotFoundError(refusal());
    throw error;
  }
}
