/** Which tracepoints the kernel has, read only when one was not found. */
import { readdirSync, readFileSync } from 'node:fs';
import { suggest } from '../../util/suggest';
import { eventsFolder } from '../../util/tracefs';

const meant = (name: string, candidates: Iterable<string>): string => {
  const near = suggest(name, candidates);
  return near === undefined || near === name ? '' : ` (did you mean '${near}'?)`;
};

const entries = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Why there is no tracepoint "syscalls/sys_enter_openat": a parameter so that tests can be on another kernel. */
export function withoutTracepoint(category: string, name: string, places?: readonly string[]): string {
  const events = eventsFolder(places);
  if (events === undefined) {
    return 'tracefs is not mounted, where tracepoints are found: mount -t tracefs tracefs /sys/kernel/tracing';
  }
  const full = `${category}/${name}`;
  const categories = entries(events);
  if (categories.length === 0) {
    return `this process may not read ${events}, where tracepoints are found`;
  }
  const names = categories.includes(category) ? entries(`${events}/${category}`) : [];
  if (names.includes(name)) {
    return `this process may not use the tracepoint '${full}', which is there`;
  }
  const inCategory = meant(name, names);
  if (inCategory !== '') return `this kernel has no tracepoint '${full}'${inCategory}`;
  // Of another category, perhaps: the name is right, or nearly.
  const elsewhere = categories.flatMap((other) =>
    entries(`${events}/${other}`).map((event) => `${other}/${event}`),
  );
  const moved = elsewhere.find((event) => event.endsWith(`/${name}`));
  const hint = moved === undefined ? meant(full, elsewhere) : ` (did you mean '${moved}'?)`;
  return `this kernel has no tracepoint '${full}'${hint}`;
}

let rawTracepoints: readonly string[] | undefined;

/** By the symbols that each of them has: no tracefs is needed, nor any privilege for the names. */
function listRawTracepoints(): readonly string[] {
  if (rawTracepoints !== undefined) return rawTracepoints;
  let symbols = '';
  try {
    symbols = readFileSync('/proc/kallsyms', 'latin1');
  } catch {
    // Nothing is suggested.
  }
  rawTracepoints = [...symbols.matchAll(/ __tracepoint_(\w+)/g)].map(([, name = '']) => name);
  return rawTracepoints;
}

/** Why there is no raw tracepoint "sys_enter". */
export function withoutRawTracepoint(name: string, known: readonly string[] = listRawTracepoints()): string {
  return `this kernel has no raw tracepoint '${name}'${meant(name, known)}`;
}
