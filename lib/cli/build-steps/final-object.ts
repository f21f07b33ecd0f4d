/** The object of a build: what was compiled, linked with objects and libraries, without debug information. */
import fs from 'node:fs';
import path from 'node:path';
import type { Compiled } from '../../compile/compile';
import { isFresh, readStamp, writeStamp } from '../../compile/stamp';
import { parseElf } from '../../elf/elf';
import { stripElf } from '../../elf/rewrite';
import { LinkError } from '../../errors';
import { linkObjects } from '../../linker/link-objects';
import { stampLibraries } from '../../linker/stamp-libraries';
import { objectOf, type LibraryPackage } from '../../package/manifest';
import { realPath } from '../../package/resolve';
import { Failure, type Io } from '../command/command';
import type { Plan } from './plan';
import { undefinedProblems } from './undefined-problems';

/** One object that is linked, and what people call it: the source that it was compiled from. */
export interface LinkInput {
  readonly file: string;
  readonly shown: string;
}

export interface FinalObject {
  readonly bytes: Uint8Array;
  /** What it depends on besides what was compiled. */
  readonly inputs: readonly string[];
}

export function linkInputs(
  plan: Plan,
  compiled: readonly Compiled[],
  libraries: readonly LibraryPackage[],
  io: Io,
): LinkInput[] {
  const inputs = [
    ...compiled.map(({ object }, index) => ({ file: object, shown: plan.sources[index] ?? object })),
    ...plan.objects.map((file) => ({ file: path.resolve(io.cwd, file), shown: file })),
    ...libraries.flatMap((library) => {
      const file = objectOf(library, plan.arch);
      return file === undefined ? [] : [{ file, shown: file }];
    }),
  ];
  // A library that is also given by its path is one file.
  const known = new Set<string>();
  return inputs.filter(({ file }) => {
    const real = realPath(file) ?? file;
    return !known.has(real) && known.add(real);
  });
}

async function link(plan: Plan, inputs: readonly LinkInput[]): Promise<Uint8Array> {
  const linked = path.join(plan.cache, `${plan.name}.linked.o`);
  const stamp = `${linked}.json`;
  const files = inputs.map(({ file }) => file);
  const command = ['link', ...files];
  if (!isFresh(readStamp(stamp), command, linked)) {
    try {
      await linkObjects({ output: linked, inputs: files });
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      // The objects of sources are ours, and nobody knows them.
      const message = inputs.reduce((text, { file, shown }) => text.replaceAll(file, shown), error.message);
      throw new LinkError(message, error.log);
    }
    writeStamp(stamp, command, files);
  }
  return fs.readFileSync(linked);
}

/** @throws LinkError, ElfError; Failure for what nothing defines */
export async function finalObject(
  plan: Plan,
  compiled: readonly Compiled[],
  libraries: readonly LibraryPackage[],
  io: Io,
): Promise<FinalObject> {
  const inputs = linkInputs(plan, compiled, libraries, io);
  const [only] = inputs;
  let bytes: Uint8Array;
  if (inputs.length === 1 && only !== undefined) {
    // Nothing is to be linked, and so no addon is needed: this is how it works where there is none.
    const whole = fs.readFileSync(only.file);
    bytes = stripElf(whole, parseElf(whole, only.shown));
  } else {
    bytes = await link(plan, inputs);
  }
  if (plan.kind !== 'subskeleton') {
    const problems = undefinedProblems(bytes, inputs, plan);
    if (problems.length > 0) throw new Failure(problems);
  }
  // A library's own object says what it is, in case it is linked without its package.
  const known = plan.library === undefined ? libraries : [plan.library];
  const used = known.map(({ manifest }) => manifest);
  return {
    bytes: stampLibraries(bytes, plan.name, known),
    inputs: [...inputs.slice(compiled.length).map(({ file }) => file), ...used],
  };
}
