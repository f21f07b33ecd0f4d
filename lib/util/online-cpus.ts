/** Which CPUs run now: asked by `kernel`, and by perf events that are opened on each of them. */
import { readFileSync } from 'node:fs';

/** '0-3,5' → [0, 1, 2, 3, 5]; what is no list of numbers has none. */
export function cpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .flatMap((range) => {
      const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
      const length = first === undefined ? 0 : Math.max(0, Number(last) - Number(first) + 1);
      return Array.from({ length }, (_, index) => Number(first) + index);
    });
}

export function onlineCpus(): number[] {
  return cpuList(readFileSync('/sys/devices/system/cpu/online', 'latin1'));
}
