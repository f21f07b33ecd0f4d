import { loadAddon } from '../../native/load/load';
import type { NativeFd } from '../../native/surface/handles';

/** While one is open, in any process, the kernel measures how long and how often programs run: ProgramInfo's runTime and runCount. */
export class RunStatistics {
  readonly #native: NativeFd;

  /** @internal */
  constructor(native: NativeFd) {
    this.#native = native;
  }

  get closed(): boolean {
    return this.#native.fd < 0;
  }

  /** Safe to call more than once. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Makes the kernel measure, until the result is closed; costs each run of a program some 20 ns. bpf_enable_stats; kernel 5.8, CAP_SYS_ADMIN */
export const enableStats = (): RunStatistics => new RunStatistics(loadAddon().enableStats());
