/** `inspect`: what is in a compiled BPF object, without loading it; or in the kernel. */
import fs from 'node:fs';
import path from 'node:path';
import { objectName } from '../../descriptor/identifiers';
import { refusal } from '../../descriptor/read/describe-elf';
import { inspectObject } from '../../descriptor/read/inspect-object';
import { parseElf } from '../../elf/elf';
import { Failure, UsageError, type Run } from '../command/command';
import { inspectionText } from './inspection-text';
import { problemsWith } from '../command/problems';

/** In place of a file: what the kernel has. A file of that name is `./prog`. */
const KERNEL: ReadonlySet<string> = new Set(['prog', 'map', 'link', 'btf']);

export const run: Run = async (invocation, commands) => {
  const { positionals, io } = invocation;
  const [first] = positionals;
  if (first === undefined) throw new UsageError('which FILE? Give a compiled BPF object');
  // Files are inspected without the addon.
  if (KERNEL.has(first))
    return (require('./inspect-kernel') as typeof import('./inspect-kernel')).run(invocation, commands);
  const found: object[] = [];
  const problems: string[] = [];
  for (const file of positionals) {
    try {
      const elf = parseElf(fs.readFileSync(path.resolve(io.cwd, file)), file);
      const object = inspectObject(elf, objectName(file));
      if (invocation.flag('json')) found.push({ file, ...object });
      else await io.out(inspectionText(file, object, invocation.flag('types')));
      const refused = object.leftOut.filter((variable) => variable.refused === true);
      problems.push(...refused.map((variable) => `${file}: ${refusal(variable)}`));
    } catch (error) {
      problems.push(...problemsWith(file, error, io.env));
    }
  }
  if (invocation.flag('json')) await io.out(`${JSON.stringify(found, undefined, 2)}\n`);
  if (problems.length > 0) throw new Failure(problems);
  return 0;
};
