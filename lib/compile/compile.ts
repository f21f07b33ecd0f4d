/** One BPF source → one object, unless it is there already and nothing it is made of has changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseDepfile } from './depfile';
import { isFresh, readStamp, writeStamp } from './stamp';

export interface CompileJob {
  readonly source: string;
  readonly clang: string;
  /** What tells this compiler from another of the same name. */
  readonly identity: string;
  readonly flags: readonly string[];
  /** What the object depends on besides the files: where the packages are whose headers it may include. */
  readonly context: readonly string[];
  /** Where objects, dependencies and stamps are kept between builds. */
  readonly cache: string;
  readonly cwd: string;
  /** Gets clang's diagnostics, as they are. */
  readonly diagnostics: (text: Uint8Array) => void;
}

export interface Compiled {
  readonly object: string;
  /** The source and every header. */
  readonly inputs: readonly string[];
  readonly fresh: boolean;
}

/** clang refused the source; its diagnostics say why. */
export class CompileFailure extends Error {
  override readonly name = 'CompileFailure';
}

const stem = (source: string): string => path.basename(source).replace(/(?:\.bpf)?\.c$/, '');

function run(job: CompileJob, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(job.clang, args, { cwd: job.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', job.diagnostics);
    child.stderr.on('data', job.diagnostics);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const hint = 'install clang, or say with --clang or $CLANG where it is';
      reject(new CompileFailure(`cannot run ${job.clang} (${error.code ?? error.message}): ${hint}`));
    });
    child.on('close', (status, signal) => {
      if (status === 0) resolve();
      else
        reject(
          new CompileFailure(`${job.source}: clang failed (${signal ?? `exit status ${String(status)}`})`),
        );
    });
  });
}

/** @throws CompileFailure */
export async function compile(job: CompileJob): Promise<Compiled> {
  const source = path.resolve(job.cwd, job.source);
  // Two sources may share a name in different folders.
  const base = path.join(
    job.cache,
    `${stem(source)}-${createHash('sha256').update(source).digest('hex').slice(0, 8)}`,
  );
  const object = `${base}.o`;
  const command = [job.clang, ...job.flags, '-c', source];
  const made = [...command, job.identity, ...job.context];
  const stamp = readStamp(`${base}.json`);
  if (stamp !== undefined && isFresh(stamp, made, object)) {
    return { object, inputs: stamp.inputs.map(({ file }) => file), fresh: true };
  }
  fs.mkdirSync(job.cache, { recursive: true });
  const temporary = `${base}.${String(process.pid)}.tmp`;
  try {
    await run(job, [...command.slice(1), '-MD', '-MF', `${temporary}.d`, '-o', temporary]);
    const named = parseDepfile(fs.readFileSync(`${temporary}.d`, 'utf8'));
    // A library's header is named by the link to it; the file itself is what changes.
    const real = (file: string): string =>
      file.startsWith(job.cache + path.sep) ? fs.realpathSync(file) : file;
    const inputs = [...new Set([source, ...named.map((file) => real(path.resolve(job.cwd, file)))])];
    fs.renameSync(temporary, object);
    writeStamp(`${base}.json`, made, inputs);
    return { object, inputs, fresh: false };
  } finally {
    fs.rmSync(temporary, { force: true });
    fs.rmSync(`${temporary}.d`, { force: true });
  }
}
