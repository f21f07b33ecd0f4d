/** `inspect prog|map|link|btf [ID…]`: what is in the kernel now. */
import { BpfLink } from '../../runtime/link/bpf-link';
import { BpfMap } from '../../runtime/map/bpf-map';
import { BpfProgram } from '../../runtime/program/bpf-program';
import { Btf } from '../../btf/api/btf';
import { kernel } from '../../runtime/kernel/kernel';
import { UsageError, type Run } from '../command/command';

type Info = Readonly<Record<string, unknown>>;

/** One kind of thing that has ids. */
interface Kind {
  readonly list: () => Iterable<Info>;
  /** One line of the list. */
  readonly line: (info: never) => string;
  /** What is shown of one, by name. */
  readonly one: (id: number) => Info;
}

function closing<Handle extends { close(): void }>(handle: Handle, use: (handle: Handle) => Info): Info {
  try {
    return use(handle);
  } finally {
    handle.close();
  }
}

interface ProgramLine {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly xlatedLength: number;
  readonly mapIds: readonly number[];
}
interface MapLine {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
}
interface LinkLine extends Info {
  readonly id: number;
  readonly type: string;
  readonly programId: number;
}
interface BtfLine {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}

const KINDS = {
  prog: {
    list: () => kernel.programs() as Iterable<unknown> as Iterable<Info>,
    line: ({ id, type, name, xlatedLength, mapIds }: ProgramLine) =>
      `${String(id)}  ${type}  ${name}  ${xlatedLength >> 3} instructions${mapIds.length === 0 ? '' : `, maps ${mapIds.join(', ')}`}`,
    one: (id) =>
      closing(BpfProgram.fromId(id), (program) => {
        const lines = program.code().lines.filter(({ line }) => line > 0);
        const source = lines.map(
          ({ instruction, file, line, text }) => `${instruction}  ${file}:${line}  ${text}`,
        );
        return { ...program.info(), source };
      }),
  },
  map: {
    list: () => kernel.maps() as Iterable<unknown> as Iterable<Info>,
    line: ({ id, type, name, keySize, valueSize, maxEntries }: MapLine) =>
      `${String(id)}  ${type}  ${name}  ${keySize} -> ${valueSize} bytes, ${maxEntries} entries`,
    one: (id) =>
      closing(BpfMap.fromId(id), (map) => ({
        ...map.info(),
        keyType: map.keyType,
        valueType: map.valueType,
      })),
  },
  link: {
    list: () => kernel.links() as Iterable<unknown> as Iterable<Info>,
    line: ({ id, type, programId, ...rest }: LinkLine) =>
      `${String(id)}  ${type}  program ${programId}${members(rest)}`,
    one: (id) => closing(BpfLink.fromId(id), (link) => ({ ...link.info() })),
  },
  btf: {
    list: () => kernel.btfs() as Iterable<unknown> as Iterable<Info>,
    line: ({ id, name, size }: BtfLine) => `${String(id)}  ${name === '' ? '-' : name}  ${size} bytes`,
    one: (id) => ({ id, definitions: Btf.fromId(id).definition() }),
  },
} as const satisfies Record<string, Kind>;

/** 64-bit integers as decimal strings, as JSON's numbers cannot hold them. */
const plain = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  return value instanceof BigUint64Array ? Array.from(value, String) : value;
};

const textOf = (value: unknown): string => {
  if (value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value, plain);
};

const members = (rest: Info): string =>
  Object.entries(rest)
    .map(([name, value]) => `  ${name} ${textOf(value)}`)
    .join('');

function details(info: Info): string {
  const { source, definitions, ...rest } = info;
  if (typeof definitions === 'string') return definitions;
  const width = Math.max(...Object.keys(rest).map(({ length }) => length));
  const lines = Object.entries(rest).map(([name, value]) => `${name.padEnd(width)}  ${textOf(value)}`);
  if (Array.isArray(source) && source.length > 0) lines.push('', ...source.map(String));
  return `${lines.join('\n')}\n`;
}

function idOf(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(id <= 0xffff_ffff)) throw new UsageError(`'${text}' is no id: a number is`);
  return id;
}

export const run: Run = async (invocation) => {
  const { positionals, io } = invocation;
  const [word = '', ...ids] = positionals;
  const kind = KINDS[word as keyof typeof KINDS] as Kind;
  if (invocation.flag('types'))
    throw new UsageError("--types is for files; `inspect btf ID` shows the kernel's types");
  const numbers = ids.map(idOf);
  const found = ids.length === 0 ? [...kind.list()] : numbers.map(kind.one);
  if (invocation.flag('json')) {
    await io.out(`${JSON.stringify(found, plain, 2)}\n`);
  } else if (ids.length === 0) {
    await io.out(found.map((info) => `${kind.line(info as never)}\n`).join(''));
  } else {
    await io.out(found.map(details).join('\n'));
  }
  return 0;
};
