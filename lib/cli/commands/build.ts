/** `build SOURCE.bpf.c…`: compile, link, generate, and only what has changed. */
import fs from 'node:fs';
import path from 'node:path';
import { formatDepfile } from '../../compile/depfile';
import { isFresh, readStamp, writeStamp } from '../../compile/stamp';
import { changeOf, timesOf } from '../../compile/watch';
import { compileAll } from '../build-steps/compile-all';
import { compilerFlags, quoteWord, writeCompileCommands } from '../build-steps/editors';
import { finalObject } from '../build-steps/final-object';
import { findLibraries, librariesToLink, type FoundLibraries } from '../build-steps/find-libraries';
import { outputFiles, writeChanged } from '../build-steps/outputs';
import { planBuild, type Plan } from '../build-steps/plan';
import type { Invocation, Run } from '../command/command';
import { problemsOf } from '../command/problems';

interface Built {
  readonly inputs: readonly string[];
  readonly written: readonly string[];
}

/** Options that the module's text depends on. */
const MODULE_OPTIONS = ['lang', 'module', 'type', 'omit', 'check', 'int64', 'embed', 'object'];

/** Everything that decides what comes out, besides the files. This file's time stands for the generator's version. */
const commandOf = (plan: Plan, found: FoundLibraries, invocation: Invocation): string[] => [
  JSON.stringify(plan),
  JSON.stringify(MODULE_OPTIONS.map((option) => invocation.values(option))),
  JSON.stringify([found.flags, found.context, found.named.map(({ name }) => name)]),
  `${__filename} ${String(fs.statSync(__filename).mtimeMs)}`,
];

async function buildOnce(plan: Plan, invocation: Invocation): Promise<Built> {
  const { io } = invocation;
  const found = findLibraries(plan, io.cwd);
  const commands = invocation.value('compile-commands');
  if (commands !== undefined) writeCompileCommands(path.resolve(io.cwd, commands), plan, found, io.cwd);
  const stampFile = path.join(plan.cache, `${plan.name}.${plan.kind}.build.json`);
  const command = commandOf(plan, found, invocation);
  const stamp = readStamp(stampFile);
  if (stamp !== undefined && isFresh(stamp, command, plan.object)) {
    return { inputs: stamp.inputs.slice(0, stamp.count).map(({ file }) => file), written: [] };
  }
  fs.mkdirSync(plan.cache, { recursive: true });
  const compiled = await compileAll(plan, found, io);
  const sourceInputs = [...new Set(compiled.flatMap((unit) => unit.inputs))];
  const libraries = librariesToLink(plan, found, sourceInputs);
  const final = await finalObject(plan, compiled, libraries, io);
  const files = outputFiles(plan, final.bytes, sourceInputs, invocation);
  const inputs = [...new Set([...sourceInputs, ...final.inputs])];
  const targets = files.map(([file]) => file);
  const written = files.filter(([file, content]) => writeChanged(file, content)).map(([file]) => file);
  const relative = (file: string): string => path.relative(io.cwd, file);
  writeChanged(plan.depfile, formatDepfile(targets.map(relative), inputs));
  writeStamp(stampFile, command, inputs, [...targets, plan.depfile]);
  return { inputs, written };
}

/** One build; its problems are told, and the build after the next change may succeed. */
async function watch(plan: Plan, invocation: Invocation): Promise<number> {
  const { io } = invocation;
  let inputs: readonly string[] = [...plan.sources, ...plan.objects].map((file) =>
    path.resolve(io.cwd, file),
  );
  for (;;) {
    const before = timesOf(inputs);
    try {
      const built = await buildOnce(plan, invocation);
      for (const file of built.inputs)
        if (!before.has(file)) before.set(file, timesOf([file]).get(file) ?? -1);
      inputs = built.inputs;
      tell(plan, built, invocation);
    } catch (error) {
      for (const problem of problemsOf(error, io.env)) io.err(`libbpf-subskel build: ${problem}\n`);
    }
    if (!(await changeOf(inputs, before, io.signal))) return 0;
  }
}

function tell(plan: Plan, { written }: Built, { io }: Invocation): void {
  const shown = written.map((file) => path.relative(io.cwd, file)).join(', ');
  io.err(`libbpf-subskel build: ${plan.name}: ${shown === '' ? 'up to date' : `wrote ${shown}`}\n`);
}

export const run: Run = async (invocation) => {
  const { io } = invocation;
  const plan = planBuild(invocation);
  fs.mkdirSync(plan.folder, { recursive: true });
  if (invocation.flag('print-cflags')) {
    await io.out(`${compilerFlags(plan, findLibraries(plan, io.cwd)).map(quoteWord).join(' ')}\n`);
    return 0;
  }
  if (invocation.flag('watch')) return watch(plan, invocation);
  const built = await buildOnce(plan, invocation);
  if (!invocation.flag('quiet')) tell(plan, built, invocation);
  return 0;
};
