/** Whether the kernel has a tracepoint, a place for a kprobe, a function: by the files that tell. */
import { existsSync, readFileSync } from 'node:fs';
import { UnsupportedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import { configOption } from '../../native/failure/kernel';
import { eventsFolder } from '../../util/tracefs';
import { obstacleOf, type Obstacle } from './obstacle';

const KPROBES = '/sys/bus/event_source/devices/kprobe/type';
const SYMBOLS = '/proc/kallsyms';

const unknown = (why: string): Obstacle => ({ why, unasked: new UnsupportedError(why) });

/** Attaching needs tracefs, too. */
export function tracepointObstacle(category: string, name: string): Obstacle | undefined {
  const events = eventsFolder();
  if (events === undefined) {
    return unknown(
      `tracepoint '${category}/${name}': tracefs is not mounted, which tells the kernel's tracepoints: mount -t tracefs tracefs /sys/kernel/tracing`,
    );
  }
  if (!category.includes('/') && !name.includes('/') && existsSync(`${events}/${category}/${name}/id`))
    return undefined;
  return { why: `the kernel has no tracepoint '${category}/${name}'` };
}

/** At a function's entry. */
export function kprobeObstacle(function_: string): Obstacle | undefined {
  if (!existsSync(KPROBES)) {
    const config = configOption('CONFIG_KPROBE_EVENTS') === 'n' ? ' (CONFIG_KPROBE_EVENTS is not set)' : '';
    return { why: `the kernel has no kprobes${config}` };
  }
  const type = Number(readFileSync(KPROBES, 'utf8'));
  return obstacleOf(loadAddon().probeKprobe(type, function_), 'perf_event_open', `kprobe '${function_}'`, {
    ENOENT: `the kernel has no function '${function_}'`,
    EADDRNOTAVAIL: `the kernel has several functions '${function_}', of which a kprobe cannot name one`,
    EINVAL: `the kernel allows no kprobe at '${function_}'`,
  });
}

/** A line is `address type name`, and of a module a tab and `[module]`. */
function hasSymbol(symbols: string, name: string, module: string | undefined): boolean {
  const wanted = ` ${name}`;
  for (let at = symbols.indexOf(wanted); at >= 0; at = symbols.indexOf(wanted, at + 1)) {
    if (!/^ [tTwW]$/.test(symbols.slice(at - 2, at))) continue;
    const end = symbols.indexOf('\n', at);
    const rest = symbols.slice(at + wanted.length, end < 0 ? undefined : end);
    if (
      rest === ''
        ? module === undefined
        : /^\t\[.*\]$/.test(rest) && (module ?? rest.slice(2, -1)) === rest.slice(2, -1)
    )
      return true;
  }
  return false;
}

/** Among the symbols of the kernel, or of one module; by its whole name, `.constprop.0` and the like included. */
export function functionObstacle(name: string, module: string | undefined): Obstacle | undefined {
  let symbols;
  try {
    symbols = readFileSync(SYMBOLS, 'latin1');
  } catch {
    return unknown(
      `function '${name}': ${SYMBOLS} cannot be read, which tells the kernel's functions (CONFIG_KALLSYMS)`,
    );
  }
  if (hasSymbol(symbols, name, module?.replaceAll('-', '_'))) return undefined;
  return { why: `${module === undefined ? 'the kernel' : `module '${module}'`} has no function '${name}'` };
}
