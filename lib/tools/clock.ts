/** Times of bpf_ktime_get_ns() and its relatives as dates. */
import { readFileSync } from 'node:fs';
import { checkUint64, refuse } from '../util/check';

/** `'monotonic'`: bpf_ktime_get_ns(), which stands still while the machine sleeps; `'boottime'`: bpf_ktime_get_boot_ns(). */
export type KtimeClock = 'monotonic' | 'boottime';

/**
 * Turns a time that a BPF program took into a Date. The clocks are compared at each call, so that a Date made long after the
 * event follows what was done to the wall clock meanwhile. Exact to about a millisecond; `'boottime'` to 10 ms, the resolution of
 * /proc/uptime.
 * @throws ArgumentError
 */
export function ktimeToDate(nanoseconds: bigint | number, clock: KtimeClock = 'monotonic'): Date {
  const then = checkUint64(nanoseconds, 'nanoseconds');
  if (!Object.hasOwn(NOW, clock)) refuse('clock', `'monotonic' or 'boottime'`, clock);
  const age = NOW[clock]() - namespaceOffset(clock) - then;
  return new Date(Date.now() - Number(age) / 1e6);
}

const NOW = {
  monotonic: () => process.hrtime.bigint(),
  boottime: () => {
    const [seconds = ''] = readFileSync('/proc/uptime', 'latin1').split(' ');
    return BigInt(Math.round(Number(seconds) * 1e9));
  },
} as const;

/** What a time namespace adds to the clock of the kernel, which BPF programs read without it. */
function namespaceOffset(clock: KtimeClock): bigint {
  let text: string;
  try {
    text = readFileSync('/proc/self/timens_offsets', 'latin1');
  } catch {
    // Kernels below 5.5, or without time namespaces.
    return 0n;
  }
  const row = new RegExp(`^${clock}\\s+(-?\\d+)\\s+(\\d+)$`, 'm').exec(text);
  return row === null ? 0n : BigInt(row[1] ?? 0) * 1_000_000_000n + BigInt(row[2] ?? 0);
}
