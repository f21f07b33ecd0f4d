/** Histograms that BPF programs count in arrays, as data and as text. */
import { ArgumentError } from '../errors';
import { checkInteger, checkOptions, refuse } from '../util/check';
import { textWidth } from '../util/text';

/** Values from `from` up to, but not including, `below` were counted `count` times. */
export interface HistogramRow {
  readonly from: number;
  readonly below: number;
  readonly count: number;
}

export interface HistogramOptions {
  /**
   * `'log2'`: slot i counts the values whose highest bit is i, slot 0 also 0 (what `log2l()` of BPF tools answers);
   * `'linear'`: slot i counts from `base + i * step` on. Default `'log2'`.
   */
  readonly scale?: 'log2' | 'linear';
  /** Where a linear histogram begins. Default 0. */
  readonly base?: number;
  /** The width of a linear histogram's slots. Default 1. */
  readonly step?: number;
  /** What the values are, as the heading of the text: `'usecs'`. Default `'value'`. */
  readonly unit?: string;
}

const WIDTH = 40;

/**
 * Makes a histogram of the counts of its slots: an array variable's value (`stats.bss.hist.value`), a map's or a record's array.
 * The counts are copied.
 * @throws ArgumentError for a count that is negative or not an integer that a number can hold
 */
export function histogram(slots: Iterable<number | bigint>, options: HistogramOptions = {}): Histogram {
  checkOptions<HistogramOptions>(options, 'options', {
    scale: ['log2', 'linear'],
    base: 'any',
    step: 'integer',
    unit: 'string',
  });
  const { scale = 'log2', base = 0, step = 1, unit = 'value' } = options;
  if (step < 1) refuse('options.step', 'an integer from 1', step);
  checkInteger(base, 'options.base', Number.MIN_SAFE_INTEGER);
  const counts = Array.from(slots, checkedCount);
  if (scale === 'log2' && counts.length > 64) {
    throw new ArgumentError(`slots: a log2 histogram has at most 64, not ${String(counts.length)}`);
  }
  const from =
    scale === 'log2'
      ? (slot: number): number => (slot === 0 ? 0 : 2 ** slot)
      : (slot: number): number => base + slot * step;
  if (scale === 'linear')
    checkInteger(from(counts.length), 'the end of the last slot', Number.MIN_SAFE_INTEGER);
  return new Histogram(
    counts.map((count, slot) => ({ from: from(slot), below: from(slot + 1), count })),
    unit,
  );
}

function checkedCount(given: number | bigint, slot: number): number {
  const count = typeof given === 'bigint' ? Number(given) : given;
  checkInteger(count, `slots[${String(slot)}]`);
  return count;
}

/** A histogram: its rows, how many values were counted, percentiles, and a drawing for a terminal. */
export class Histogram {
  /** Those without a value at the end left out. */
  readonly rows: readonly HistogramRow[];
  /** How many values were counted. */
  readonly total: number;
  readonly unit: string;

  /** @internal */
  constructor(rows: readonly HistogramRow[], unit: string) {
    const end = rows.findLastIndex(({ count }) => count > 0) + 1;
    this.rows = Object.freeze(rows.slice(0, end).map((row) => Object.freeze(row)));
    this.total = this.rows.reduce((sum, { count }) => sum + count, 0);
    this.unit = unit;
    Object.freeze(this);
  }

  /**
   * Estimates below which value `percent` per cent of the values are, as if the values of a slot were spread evenly over it:
   * it is off by less than the width of that slot. undefined where nothing was counted.
   * @throws ArgumentError if `percent` is not from 0 to 100
   */
  percentile(percent: number): number | undefined {
    if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) {
      refuse('percent', 'a number from 0 to 100', percent);
    }
    const wanted = (this.total * percent) / 100;
    let seen = 0;
    for (const { from, below, count } of this.rows) {
      if (count > 0 && seen + count >= wanted) return from + (below - from) * ((wanted - seen) / count);
      seen += count;
    }
    return undefined;
  }

  /** Draws the rows from the first to the last with a value, one a line, with a bar of at most 40 characters; '' without values. */
  toString(): string {
    const rows = this.rows.slice(this.rows.findIndex(({ count }) => count > 0));
    if (this.total === 0) return '';
    const most = rows.reduce((max, { count }) => Math.max(max, count), 0);
    const ranges = rows.map(({ from, below }) => `[${edge(from)}, ${edge(below)})`);
    const left = Math.max(textWidth(this.unit), ...ranges.map((text) => text.length));
    const right = Math.max('count'.length, String(most).length);
    const pad = ' '.repeat(left - textWidth(this.unit));
    const lines = rows.map(({ count }, i) => {
      const bar = '*'.repeat(Math.round((count / most) * WIDTH)).padEnd(WIDTH);
      return `${(ranges[i] ?? '').padEnd(left)}  ${String(count).padStart(right)}  |${bar}|`;
    });
    return [`${this.unit}${pad}  ${'count'.padStart(right)}  distribution`, ...lines, ''].join('\n');
  }
}

const SUFFIXES = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** 4096 → 4K where nothing is lost by it. */
function edge(value: number): string {
  let [rest, power] = [value, 0];
  while (rest !== 0 && rest % 1024 === 0 && power + 1 < SUFFIXES.length)
    [rest, power] = [rest / 1024, power + 1];
  return `${String(rest)}${SUFFIXES[power] ?? ''}`;
}
