/** A loop that runs at an interval and ends cleanly. */
import { checkInteger, checkOptions, checkSignal, refuse } from '../util/check';
import { onAbort } from '../util/abort';

export interface EveryOptions {
  /** Ends the loop, without an error. */
  readonly signal?: AbortSignal;
  /** How many turns there are at most. Default: without end. */
  readonly times?: number;
  /** The signals of the process that end the loop; `[]` for none. Default `['SIGINT', 'SIGTERM']`. */
  readonly endOn?: readonly NodeJS.Signals[];
}

/**
 * Loops every `milliseconds`, with 1, 2, 3 … as the turn's number, and ends the loop on Ctrl-C, on SIGTERM, or when `signal` is
 * aborted, at once and without an error: what stands after the loop still runs. A second Ctrl-C ends the process as usual. A turn that takes
 * longer than the interval skips the times that it missed.
 *
 *     for await (const turn of every(1000)) console.log(turn, stats.bss.requests.value);
 * @throws ArgumentError
 */
export function every(
  milliseconds: number,
  options: EveryOptions = {},
): AsyncGenerator<number, void, undefined> {
  checkInteger(milliseconds, 'milliseconds', 1, 0x7fff_ffff);
  checkOptions<EveryOptions>(options, 'options', { signal: 'any', times: 'integer', endOn: 'any' });
  const { signal, times = Infinity, endOn = ['SIGINT', 'SIGTERM'] } = options;
  checkSignal(signal);
  if (!Array.isArray(endOn)) refuse('options.endOn', 'an array of signals', endOn);
  return turns(milliseconds, times, endOn, signal);
}

async function* turns(
  milliseconds: number,
  times: number,
  endOn: readonly NodeJS.Signals[],
  signal: AbortSignal | undefined,
): AsyncGenerator<number, void, undefined> {
  let ended = signal?.aborted === true;
  const over = (): boolean => ended;
  let wake = (): void => undefined;
  const end = (): void => {
    ended = true;
    listening.forEach((stop) => {
      stop();
    });
    wake();
  };
  const listening: (() => void)[] = [];
  try {
    listening.push(onAbort(signal, end));
    for (const name of endOn) {
      process.on(name, end);
      listening.push(() => void process.off(name, end));
    }
    const start = performance.now();
    let due = 0;
    for (let turn = 1; turn <= times; turn++) {
      const passed = performance.now() - start;
      due = Math.max(due + 1, Math.ceil(passed / milliseconds));
      await sleep(due * milliseconds - passed);
      if (over()) return;
      yield turn;
      if (over()) return;
    }
  } finally {
    end();
  }

  function sleep(time: number): Promise<void> {
    return new Promise((resolve) => {
      if (over()) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, time);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
