/** `gen subskeleton` and `gen skeleton`: compiled objects in, typed modules out. */
import fs from 'node:fs';
import path from 'node:path';
import { withTypes } from '../../codegen/extra-types';
import { generate, type GenerateOptions } from '../../codegen/generate';
import type { ModuleKind } from '../../codegen/emit-interface';
import { objectName } from '../../codegen/names';
import { readBtf } from '../../descriptor/from-object';
import { ObjectReader } from '../../descriptor/object-reader';
import { parseElf } from '../../elf/elf';
import { Failure, UsageError, type Invocation, type Run } from '../command';
import { moduleFormat } from '../module-format';
import { writeWhole } from '../output';
import { problemsWith } from '../problems';

/** One input and where its module goes; undefined is standard output. */
interface Job {
  readonly input: string;
  readonly name: string;
  readonly output: string | undefined;
}

const SUFFIX: Readonly<Record<ModuleKind, string>> = { subskeleton: 'subskel', skeleton: 'skel' };

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

function planJobs(invocation: Invocation, kind: ModuleKind): Job[] {
  const { inputs, name } = splitName(invocation);
  const out = invocation.value('out');
  const folder = invocation.value('out-dir');
  const js = invocation.value('lang') === 'js';
  if (inputs.length === 0) throw new UsageError('which FILE? Give the compiled BPF object');
  if (out !== undefined && folder !== undefined)
    throw new UsageError('--out and --out-dir exclude each other');
  if (inputs.length > 1 && folder === undefined) throw new UsageError('several FILEs need --out-dir');
  if (inputs.length > 1 && name !== undefined) throw new UsageError('one name cannot serve several FILEs');
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UsageError(`'${name}' is no name: letters, digits and '_', not beginning with a digit`);
  }
  if (js && folder === undefined && (out === undefined || out === '-')) {
    throw new UsageError('--lang js writes two files (.js and .d.ts): give --out or --out-dir');
  }
  if (js && out !== undefined && !/\.[cm]?js$/.test(out)) {
    throw new UsageError(`--lang js writes a .js, .mjs or .cjs file, not '${out}'`);
  }
  return inputs.map((input) => {
    const jobName = name ?? objectName(input);
    const file = `${jobName}.${SUFFIX[kind]}.${js ? 'js' : 'ts'}`;
    const output = folder === undefined ? out : path.join(folder, file);
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

/** The file beside a JavaScript module that has its types: x.mjs → x.d.mts */
const typesFile = (output: string): string => output.replace(/\.([cm]?)js$/, '.d.$1ts');

async function runJob(job: Job, invocation: Invocation, kind: ModuleKind): Promise<void> {
  const { io } = invocation;
  const bytes = fs.readFileSync(path.resolve(io.cwd, job.input));
  const elf = parseElf(bytes, job.input);
  const btf = readBtf(elf);
  const descriptor = withTypes(new ObjectReader(elf, btf).describe(job.name), btf, invocation.values('type'));
  const output = job.output === undefined ? undefined : path.resolve(io.cwd, job.output);
  const options: GenerateOptions = {
    kind,
    lang: invocation.value('lang') as GenerateOptions['lang'],
    module: (invocation.value('module') as GenerateOptions['module']) ?? moduleFormat(output ?? io.cwd),
    check: invocation.value('check') as GenerateOptions['check'],
    int64: invocation.value('int64') as GenerateOptions['int64'],
    object: kind === 'skeleton' ? (invocation.value('object') ?? bytes) : undefined,
  };
  for (const { extension, text } of generate(descriptor, options)) {
    if (output === undefined) await io.out(text);
    else writeWhole(extension === 'd.ts' ? typesFile(output) : output, text);
  }
}

const run = (kind: ModuleKind): Run =>
  async function (invocation) {
    const jobs = planJobs(invocation, kind);
    refuseClashes(jobs);
    if (invocation.flag('embed') && invocation.flag('object')) {
      throw new UsageError('--embed and --object exclude each other');
    }
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
