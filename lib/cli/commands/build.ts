/** `build SOURCE.bpf.c… --out DIR`: compile, link, generate, and only what has changed. */
import fs from 'node:fs';
import path from 'node:path';
import { ARCHES, clangFlags, clangIdentity, splitWords } from '../../compile/clang';
import { compile, CompileFailure, type Compiled } from '../../compile/compile';
import { formatDepfile } from '../../compile/depfile';
import { isFresh, readStamp, writeStamp } from '../../compile/stamp';
import { changeOf, timesOf } from '../../compile/watch';
import type { ModuleKind } from '../../codegen/emit/emit-interface';
import { objectName } from '../../descriptor/identifiers';
import { linkObjects } from '../../linker/link-objects';
import { writeWhole } from '../../util/write-whole';
import { Failure, UsageError, type Invocation, type Run } from '../command/command';
import { checkName, checkObjectOptions, moduleFile, moduleTexts, typesFile } from '../module/module';
import { problemsOf } from '../command/problems';

/** More clangs at once than this only fight for memory. */
const JOBS = 4;

interface Plan {
  readonly sources: readonly string[];
  readonly folder: string;
  readonly cache: string;
  readonly name: string;
  readonly kind: ModuleKind | 'none';
  readonly clang: string;
  readonly flags: readonly string[];
  readonly depfile: string;
}

function planBuild(invocation: Invocation): Plan {
  const { positionals: sources, io } = invocation;
  const out = invocation.value('out');
  const arch = invocation.value('arch');
  const [first] = sources;
  if (first === undefined) throw new UsageError('which SOURCE? Give at least one BPF source');
  if (out === undefined) throw new UsageError('--out DIR is needed: where the object and the module go');
  if (arch !== undefined && !(ARCHES as readonly string[]).includes(arch)) {
    throw new UsageError(`--arch is one of ${ARCHES.join(', ')}, not '${arch}'`);
  }
  const name = invocation.value('name') ?? objectName(first.replace(/\.c$/, '.o'));
  checkName(name);
  checkObjectOptions(invocation);
  const folder = path.resolve(io.cwd, out);
  return {
    sources,
    folder,
    cache: path.join(folder, '.libbpf-subskel'),
    name,
    kind: (invocation.value('kind') as ModuleKind | 'none' | undefined) ?? 'skeleton',
    clang: invocation.value('clang') ?? io.env['CLANG'] ?? 'clang',
    flags: clangFlags({ arch, flags: invocation.values('cflags').flatMap(splitWords) }),
    depfile: path.resolve(io.cwd, invocation.value('depfile') ?? path.join(folder, `${name}.d`)),
  };
}

/** Compiles all sources, several at once; all problems are told, not only the first. */
async function compileAll(plan: Plan, { io }: Invocation): Promise<Compiled[]> {
  const results: Compiled[] = [];
  const problems: string[] = [];
  const queue = [...plan.sources.entries()];
  const color = io.color === true ? ['-fcolor-diagnostics'] : [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, source] = next;
      const { clang, cache } = plan;
      const identity = clangIdentity(clang, io.env['PATH'] ?? '');
      const flags = [...color, ...plan.flags];
      try {
        results[index] = await compile({
          source,
          clang,
          identity,
          flags,
          cache,
          cwd: io.cwd,
          diagnostics: io.err,
        });
      } catch (error) {
        if (!(error instanceof CompileFailure)) throw error;
        problems.push(error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(JOBS, queue.length) }, work));
  if (problems.length > 0) throw new Failure([...new Set(problems)]);
  return results;
}

/** Writes what differs from what is there: an unchanged file keeps its time, and nobody rebuilds because of it. */
function writeChanged(file: string, content: string | Uint8Array): boolean {
  const wanted = Buffer.from(content);
  if (fs.existsSync(file) && wanted.equals(fs.readFileSync(file))) return false;
  writeWhole(file, content);
  return true;
}

/** The final object: the only one compiled, or all of them linked. */
async function finalObject(plan: Plan, compiled: readonly Compiled[]): Promise<Uint8Array> {
  const objects = compiled.map(({ object }) => object);
  const [only] = objects;
  if (objects.length === 1 && only !== undefined) return fs.readFileSync(only);
  const linked = path.join(plan.cache, `${plan.name}.linked.o`);
  const stamp = `${linked}.json`;
  const command = ['link', ...objects];
  if (!isFresh(readStamp(stamp), command, linked)) {
    await linkObjects({ output: linked, inputs: objects });
    writeStamp(stamp, command, objects);
  }
  return fs.readFileSync(linked);
}

interface Built {
  readonly inputs: readonly string[];
  readonly written: readonly string[];
}

async function buildOnce(plan: Plan, invocation: Invocation): Promise<Built> {
  const compiled = await compileAll(plan, invocation);
  const bytes = await finalObject(plan, compiled);
  const object = path.join(plan.folder, `${plan.name}.bpf.o`);
  const files: [string, string | Uint8Array][] = [[object, bytes]];
  if (plan.kind !== 'none') {
    const module = path.join(plan.folder, moduleFile(plan.name, plan.kind, invocation));
    const texts = moduleTexts({ bytes, source: object, name: plan.name }, plan.kind, invocation, module);
    for (const { extension, text } of texts)
      files.push([extension === 'd.ts' ? typesFile(module) : module, text]);
  }
  const inputs = [...new Set(compiled.flatMap((unit) => unit.inputs))];
  const targets = files.map(([file]) => file);
  const written = files.filter(([file, content]) => writeChanged(file, content)).map(([file]) => file);
  const relative = (file: string): string => path.relative(invocation.io.cwd, file);
  writeChanged(plan.depfile, formatDepfile(targets.map(relative), inputs));
  return { inputs, written };
}

/** One build; its problems are told, and the build after the next change may succeed. */
async function watch(plan: Plan, invocation: Invocation): Promise<number> {
  const { io } = invocation;
  let inputs: readonly string[] = plan.sources.map((source) => path.resolve(io.cwd, source));
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
  const plan = planBuild(invocation);
  fs.mkdirSync(plan.folder, { recursive: true });
  if (invocation.flag('watch')) return watch(plan, invocation);
  const built = await buildOnce(plan, invocation);
  if (!invocation.flag('quiet')) tell(plan, built, invocation);
  return 0;
};
