/** What editors are told of a build: clang's flags, and compile_commands.json. */
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../command/command';
import { writeChanged } from './outputs';
import type { FoundLibraries } from './find-libraries';
import type { Plan } from './plan';

export const compilerFlags = (plan: Plan, found: FoundLibraries): string[] => [...found.flags, ...plan.flags];

/** A word that a shell reads as it is. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

interface Entry {
  readonly file?: unknown;
}

function entriesOf(file: string): Entry[] {
  if (!fs.existsSync(file)) return [];
  try {
    const value = JSON.parse(fs.readFileSync(file, 'utf8')) as unknown;
    if (Array.isArray(value)) return value as Entry[];
  } catch {
    // Told below.
  }
  throw new Failure([`${file} is no list of compile commands: give another --compile-commands FILE`]);
}

/** Puts the plan's sources into the file; what it says of other files stays. */
export function writeCompileCommands(file: string, plan: Plan, found: FoundLibraries, cwd: string): void {
  const sources = plan.sources.map((source) => path.resolve(cwd, source));
  const others = entriesOf(file).filter((entry) => !sources.includes(entry.file as string));
  const mine = sources.map((source) => ({
    directory: cwd,
    file: source,
    arguments: [plan.clang, ...compilerFlags(plan, found), '-c', source],
  }));
  writeChanged(file, `${JSON.stringify([...others, ...mine], undefined, 2)}\n`);
}
