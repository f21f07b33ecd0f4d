/** Remembers what an output was made of, so that it is made again only when that has changed. */
import fs from 'node:fs';
import { writeWhole } from '../util/write-whole';

interface FileMark {
  readonly file: string;
  readonly mtimeMs: number;
  readonly size: number;
}

export interface Stamp {
  /** The command, with all its flags. */
  readonly command: readonly string[];
  readonly inputs: readonly FileMark[];
  /** How many of them were read; those after them were written. */
  readonly count?: number | undefined;
}

export function mark(file: string): FileMark | undefined {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { file, mtimeMs: stat.mtimeMs, size: stat.size };
}

export function readStamp(file: string): Stamp | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

/** @param outputs are held to, too: one that was changed by hand is made anew */
export function writeStamp(
  file: string,
  command: readonly string[],
  inputs: readonly string[],
  outputs: readonly string[] = [],
): void {
  const marks = inputs.flatMap((input) => mark(input) ?? []);
  const written = outputs.flatMap((output) => mark(output) ?? []);
  const stamp: Stamp = { command, inputs: [...marks, ...written], count: marks.length };
  writeWhole(file, `${JSON.stringify(stamp)}\n`);
}

/** Whether the same command over the same files has made `output` already. */
export function isFresh(stamp: Stamp | undefined, command: readonly string[], output: string): boolean {
  if (stamp === undefined || !fs.existsSync(output)) return false;
  if (JSON.stringify(stamp.command) !== JSON.stringify(command)) return false;
  return stamp.inputs.every((then) => {
    const now = mark(then.file);
    return now !== undefined && now.mtimeMs === then.mtimeMs && now.size === then.size;
  });
}
