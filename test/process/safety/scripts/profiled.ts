/** What fails while signals come in all the time, a case each. */
import { spawn } from 'node:child_process';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: { readonly file: string; readonly name: keyof typeof CASES };

const tell = (value: unknown): void => console.log(JSON.stringify(value));

function failuresOf(rounds: number, work: (round: number) => void): string[] {
  const failures: string[] = [];
  for (let i = 0; i < rounds; i++) {
    try {
      work(i);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  return failures;
}

export const CASES = {
  load: () => {
    const failures = failuresOf(6, (i) => {
      const object = subskel.BpfObject.open(args.file);
      try {
        if (i % 2 === 1) object.prepare();
        object.load();
      } finally {
        object.close();
      }
    });
    tell(failures);
  },
  testRun: () => {
    const object = subskel.BpfObject.open(args.file);
    object.load();
    const data = new Uint8Array(64);
    const failures = failuresOf(10, () => object.program('quick').testRun({ data, repeat: 1_000_000 }));
    object.close();
    tell(failures);
  },
  delivery: () => {
    let heard = 0;
    process.on('SIGUSR2', () => heard++);
    const kills = `while kill -USR2 ${String(process.pid)}; do sleep 0.001; done`;
    const sender = spawn('sh', ['-c', kills], { stdio: 'ignore' });
    for (let i = 0; i < 3; i++) {
      const object = subskel.BpfObject.open(args.file);
      object.load();
      object.close();
    }
    setTimeout(() => {
      sender.kill();
      tell(heard > 0);
      process.exit();
    }, 50);
  },
};

CASES[args.name]();
