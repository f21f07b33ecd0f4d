/** `gen subskeleton` and `gen skeleton`: compiled objects in, typed modules out. */
import fs from 'node:fs';
import path from 'node:path';
import type { ModuleKind } from '../../codegen/emit/emit-interface';
import { objectName } from '../../descriptor/identifiers';
import { ownLibrary } from '../../package/own-library';
import { realPath } from '../../package/resolve';
import { hostArch } from '../../util/kernel-arch';
import { writeWhole } from '../../util/write-whole';
import { Failure, UsageError, type Invocation, type Run } from '../command/command';
import { checkName, checkObjectOptions } from '../command/names';
import { moduleFile, moduleTexts, typesFile } from '../module/module';
import { problemsWith, systemProblem } from '../command/problems';

/** One input and where its module goes; undefined is standard output. */
interface Job {
  readonly input: string;
  readonly name: string;
  readonly output: string | undefined;
}

/** bpftool's own form: `FILE name NAME`. */
function splitName(invocation: Invocation): { inputs: readonly string[]; name: string | undefined } {
  const { positionals } = invocation;
  const option = invocation.value('name');
  if (positionals.length === 3 && positionals[1] === 'name') {
    if (option !== undefined)
      throw new UsageError(`both 'name ${positionals[2] ?? ''}' and --name are given`);
    return { inputs: positionals.slice(0, 1), name: positionals[2] };
  }
  if (positionals.length === 2 && positionals[1] === 'name')
    throw new UsageError("a NAME must follow 'name'");
  return { inputs: positionals, name: option };
}

function checkOutput(out: string | undefined, folder: string | undefined, js: boolean): void {
  if (out !== undefined && folder !== undefined)
    throw new UsageError('--out and --out-dir exclude each other');
  if (!js || folder !== undefined) return;
  if (out === undefined || out === '-') {
    throw new UsageError('--lang js writes two files (.js and .d.ts): give --out or --out-dir');
  }
  if (!/\.[cm]?js$/.test(out))
    throw new UsageError(`--lang js writes a .js, .mjs or .cjs file, not '${out}'`);
}

function planJobs(invocation: Invocation, kind: ModuleKind): Job[] {
  const { inputs, name } = splitName(invocation);
  const out = invocation.value('out');
  const folder = invocation.value('out-dir');
  if (inputs.length === 0) throw new UsageError('which FILE? Give the compiled BPF object');
  checkOutput(out, folder, invocation.value('lang') === 'js');
  if (inputs.length > 1 && folder === undefined) throw new UsageError('several FILEs need --out-dir');
  if (inputs.length > 1 && name !== undefined) throw new UsageError('one name cannot serve several FILEs');
  if (name !== undefined) checkName(name);
  return inputs.map((input) => {
    const jobName = name ?? objectName(input);
    const output = folder === undefined ? out : path.join(folder, moduleFile(jobName, kind, invocation));
    return { input, name: jobName, output: output === '-' ? undefined : output };
  });
}

/** Two inputs of one name would overwrite each other's module. */
function refuseClashes(jobs: readonly Job[]): void {
  const byOutput = new Map<string, string>();
  for (const { input, output } of jobs) {
    if (output === undefined) continue;
    const other = byOutput.get(output);
    if (other !== undefined)
      throw new UsageError(`'${other}' and '${input}' would both be written to '${output}'`);
    byOutput.set(output, input);
  }
}

async function runJob(job: Job, invocation: Invocation, kind: ModuleKind): Promise<void> {
  const { io } = invocation;
  const output = job.output === undefined ? undefined : path.resolve(io.cwd, job.output);
  const bytes = fs.readFileSync(path.resolve(io.cwd, job.input));
  const file = path.resolve(io.cwd, job.input);
  const own = kind === 'subskeleton' ? ownLibrary(path.dirname(file), hostArch()) : undefined;
  const library = own !== undefined && own.object === realPath(file) ? own.library : undefined;
  const object = { bytes, source: job.input, name: job.name, library };
  for (const { extension, text } of moduleTexts(object, kind, invocation, output ?? path.join(io.cwd, '-'))) {
    if (output === undefined) await io.out(text);
    else write(extension === 'd.ts' ? typesFile(output) : output, text);
  }
}

function write(file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    throw new Failure([`cannot write ${file}: ${systemProblem(error)}`]);
  }
}

const run = (kind: ModuleKind): Run =>
  async function (invocation) {
    const jobs = planJobs(invocation, kind);
    refuseClashes(jobs);
    checkObjectOptions(invocation);
    const folder = invocation.value('out-dir');
    if (folder !== undefined) fs.mkdirSync(path.resolve(invocation.io.cwd, folder), { recursive: true });
    const problems: string[] = [];
    for (const job of jobs) {
      try {
        await runJob(job, invocation, kind);
      } catch (error) {
        problems.push(...problemsWith(job.input, error, invocation.io.env));
      }
    }
    if (problems.length > 0) throw new Failure(problems);
    return 0;
  };

export const subskeleton = run('subskeleton');
export const skeleton = run('skeleton');
