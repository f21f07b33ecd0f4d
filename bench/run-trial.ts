/** Runs one trial and prints its results as JSON: the child process of bench/index.js. */
import path from 'node:path';
import type { Measured } from './measure';

async function main(trial: string): Promise<void> {
  const { run } = (await import(path.join(__dirname, 'trials', `${trial}.js`))) as {
    run: () => Measured[] | Promise<Measured[]>;
  };
  console.log(JSON.stringify(await run()));
}

void main(process.argv[2] ?? '');
