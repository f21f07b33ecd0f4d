/** `run FILE`: loads an object, attaches its programs, and writes the records of its ring buffers as lines of JSON. */
import path from 'node:path';
import { toJSON } from '../../memory/variable/views';
import { attachIfPossible } from '../../runtime/object/attach-if-possible';
import type { BpfMap } from '../../runtime/map/bpf-map';
import { BpfObject } from '../../runtime/object/bpf-object';
import { alternatives } from '../../util/suggest';
import { logOf, problemsOf } from '../command/problems';
import { Failure, UsageError, type Io, type Invocation, type Run } from '../command/command';

const READABLE: ReadonlySet<string> = new Set(['ringbuf', 'perf_event_array']);

/** 'NAME=VALUE' */
function pair(text: string, option: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--${option} needs NAME=VALUE, not '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A variable takes what its value is now: a number, a bigint, a boolean, text, or JSON for structs and arrays. */
function setVariable(object: BpfObject, name: string, text: string): void {
  const sections = [...object.sections.values()];
  const variable = sections.map(({ variables }) => variables.get(name)).find((found) => found !== undefined);
  if (variable === undefined) {
    const names = sections.flatMap(({ variables }) => [...variables.keys()]);
    throw new Failure([`--set: the object has no variable '${name}'${alternatives(name, names)}`]);
  }
  try {
    variable.write(parsed(text, typeof variable.value));
  } catch (error) {
    throw new Failure([`--set ${name}=${text}: ${(error as Error).message}`]);
  }
}

function parsed(text: string, type: string): unknown {
  if (type === 'bigint') return BigInt(text);
  if (type === 'number') return text.trim() === '' ? NaN : Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}

/** Only what is asked for is loaded, so that the kernel need not know the others. */
function choosePrograms(object: BpfObject, only: readonly string[]): void {
  for (const name of only) object.program(name);
  if (only.length === 0) return;
  for (const program of object.programs.values()) program.autoload = only.includes(program.name);
}

function attachAll(object: BpfObject): string[] {
  const attached: string[] = [];
  for (const program of object.programs.values()) {
    if (!program.autoload || !program.autoattach) continue;
    if (attachIfPossible(program) !== undefined) attached.push(program.name);
  }
  return attached;
}

/** The maps to read, each with the struct that its records are. */
function readersOf(object: BpfObject, given: readonly string[]): [BpfMap, string | undefined][] {
  const types = new Map(given.map((text) => pair(text, 'records')));
  const readable = [...object.maps.values()].filter(({ type }) => READABLE.has(type));
  for (const name of types.keys()) {
    const names = readable.map((map) => map.name);
    if (!names.includes(name)) {
      throw new Failure([
        `--records: the object has no ring buffer or perf event array '${name}'${alternatives(name, names)}`,
      ]);
    }
  }
  return readable.map((map) => [map, types.get(map.name)]);
}

/** Until somebody ends it: the caller's signal, Ctrl-C, the time, or enough records. */
function endOf(io: Io, seconds: number | undefined): { readonly ended: AbortController; release(): void } {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = seconds === undefined ? undefined : setTimeout(end, seconds * 1000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  io.signal?.addEventListener('abort', end);
  return {
    ended,
    release() {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      io.signal?.removeEventListener('abort', end);
    },
  };
}

function positive(invocation: Invocation, option: string): number | undefined {
  const text = invocation.value(option);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(number > 0) || number > 1e6 * 1000)
    throw new UsageError(`--${option} needs a number above 0, not '${text}'`);
  return number;
}

export const run: Run = async (invocation) => {
  const { positionals, io } = invocation;
  const [file, extra] = positionals;
  if (file === undefined) throw new UsageError('which FILE? Give a compiled BPF object');
  if (extra !== undefined) throw new UsageError(`unexpected '${extra}'`);
  const seconds = positive(invocation, 'duration');
  let left = positive(invocation, 'count') ?? Infinity;
  const settings = invocation.values('set').map((text) => pair(text, 'set'));
  const object = BpfObject.open(path.resolve(io.cwd, file));
  const end = endOf(io, seconds);
  const { ended } = end;
  try {
    const readers = readersOf(object, invocation.values('records'));
    choosePrograms(object, invocation.values('only'));
    for (const [name, text] of settings) setVariable(object, name, text);
    object.load();
    const attached = attachAll(object);
    if (attached.length === 0)
      throw new Failure([`${file}: none of its programs says where it is to be attached`]);
    const reading = readers.map(([{ name }]) => name);
    io.err(
      `attached ${attached.join(', ')}${reading.length === 0 ? '' : `; reading ${reading.join(', ')}`}\n`,
    );
    const read = async ([map, type]: [BpfMap, string | undefined]): Promise<void> => {
      const records = type === undefined ? map.records() : map.records(type);
      const stop = (): void => void records.return?.();
      ended.signal.addEventListener('abort', stop);
      for await (const record of records) {
        if (left-- <= 0) break;
        const data = record instanceof Uint8Array ? Buffer.from(record).toString('hex') : toJSON(record);
        await io.out(`${JSON.stringify({ map: map.name, record: data })}\n`);
        if (left <= 0) ended.abort();
        if (ended.signal.aborted) break;
      }
    };
    if (readers.length > 0) await Promise.all(readers.map(read));
    else if (!ended.signal.aborted) await new Promise((done) => ended.signal.addEventListener('abort', done));
    return 0;
  } catch (error) {
    const log = logOf(error);
    if (log !== '' && !invocation.flag('verbose')) {
      throw new Failure([
        ...problemsOf(error, io.env),
        '(--verbose shows all that libbpf and the verifier said)',
      ]);
    }
    if (log !== '') io.err(`${log}\n`);
    throw error;
  } finally {
    end.release();
    object.close();
  }
};
