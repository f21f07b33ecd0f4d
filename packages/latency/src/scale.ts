/** How a histogram divides its range into bins; the same arithmetic as log_bin() of latency.bpf.c. */

/** As `latency_scale` of the BPF side: `width` 0 is a logarithmic scale. */
export interface Scale {
  readonly width: bigint;
  readonly precision: number;
}

/** Where bin `index` begins. A bin ends where the next one begins. */
export function binStart(scale: Scale, index: number): number {
  if (scale.width > 0n) return index * Number(scale.width);
  const parts = 2 ** scale.precision;
  if (index < 2 * parts) return index;
  const shift = Math.floor(index / parts) - 1;
  return (index - shift * parts) * 2 ** shift;
}

/** Where bin `index` of `bins` ends, exclusive. The last one of a linear scale has no end. */
export function binEnd(scale: Scale, index: number, bins: number): number {
  return scale.width > 0n && index === bins - 1 ? Infinity : binStart(scale, index + 1);
}
