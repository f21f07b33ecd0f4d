/** Rounds, each in a child process, and the few steps of one that are enough for what goes wrong in it. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileBpf, ROOT } from '../support/compile';
import { PRIVATE_MOUNTS } from '../support/child';
import type { Plan } from './plan';
import { Random } from './random';

export interface Outcome {
  readonly seed: number;
  readonly calls: number;
  readonly thrown: number;
  /** What was wrong, in one text; undefined: nothing. */
  readonly wrong: string | undefined;
  /** The steps as they were taken. */
  readonly log: string;
}

/** None with struct_ops: a kernel that makes a mistake there takes the machine along (test/process/link/struct-ops.test.ts). */
const OBJECTS = ['objects', 'events', 'attach', 'addon', 'rejected'];
const TIMEOUT = 120_000;

export class Rounds {
  readonly #bundle = path.join(ROOT, 'test/bpf/out/fuzz-round.cjs');
  readonly #files: Record<string, string>;

  constructor() {
    this.#files = Object.fromEntries(OBJECTS.map((name) => [name, compileBpf(name)]));
    const flags = ['--bundle', '--platform=node', '--target=node20', '--log-level=warning'];
    const esbuild = path.join(ROOT, 'node_modules/esbuild/bin/esbuild');
    const round = path.join(ROOT, 'test/fuzz/round.ts');
    execFileSync(process.execPath, [esbuild, round, ...flags, `--outfile=${this.#bundle}`], {
      stdio: 'inherit',
    });
  }

  /** `keep`: of its steps only these. */
  async run(seed: number, steps: number, keep?: readonly number[]): Promise<Outcome> {
    const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
    const log = path.join(folder, 'log');
    const end = new Random(seed, -1).weighted({ close: 8, exit: 1, 'exit in a callback': 1 });
    const plan: Plan = {
      ...{ seed, steps, keep, end, folder },
      ...{ package: path.join(ROOT, 'dist/index.js'), bundle: this.#bundle, files: this.#files },
    };
    try {
      const ended = await this.#child(plan, log);
      return judge(plan, readFileSync(log, 'utf8'), ended);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Fewer and fewer steps, as long as it still goes wrong. */
  async shrink(seed: number, steps: number, deadline: number): Promise<Outcome | undefined> {
    let kept = Array.from({ length: steps }, (_, i) => i);
    let last: Outcome | undefined;
    for (let size = Math.ceil(steps / 2); size >= 1;) {
      let smaller = false;
      for (let from = 0; from < kept.length && Date.now() < deadline; from += size) {
        const tried = [...kept.slice(0, from), ...kept.slice(from + size)];
        const outcome = await this.run(seed, steps, tried);
        if (outcome.wrong === undefined) continue;
        [kept, last, smaller] = [tried, outcome, true];
        from -= size;
      }
      if (Date.now() >= deadline) break;
      if (!smaller || size > kept.length) size = size === 1 ? 0 : Math.ceil(size / 2);
    }
    return last;
  }

  #child(plan: Plan, log: string): Promise<string> {
    const output = openSync(log, 'w');
    const wrapper = ['--net', ...PRIVATE_MOUNTS.slice(1)];
    const node = [process.execPath, '--expose-gc', this.#bundle, JSON.stringify(plan)];
    const child = spawn('unshare', [...wrapper, ...node], { stdio: ['ignore', output, output] });
    closeSync(output);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
      }, TIMEOUT);
      child.on('error', reject);
      child.on('close', (status, signal) => {
        clearTimeout(timer);
        resolve(signal ?? (status === 0 ? '' : `exit status ${String(status)}`));
      });
    });
  }
}

function judge({ seed, end }: Plan, log: string, ended: string): Outcome {
  const line = /^RESULT (.*)$/m.exec(log)?.[1];
  const result = line === undefined ? undefined : (JSON.parse(line) as Result);
  const { calls = 0, thrown = 0, findings = [] } = result ?? {};
  const wrong = [...findings];
  if (ended !== '') wrong.push(`ended by ${ended}`);
  else if (result === undefined && end !== 'exit in a callback') wrong.push('ended before its end');
  return { seed, calls, thrown, log, wrong: wrong.length === 0 ? undefined : wrong.join('\n') };
}

interface Result {
  readonly findings: readonly string[];
  readonly calls: number;
  readonly thrown: number;
}
