/** What `inspect` has found, as text for people. */
import { formatDefinition } from '../../btf/layout/definition';
import { escapeUnsafe } from '../../util/text';
import type { ObjectInspection } from '../../descriptor/read/inspect-object';
import { typesOf } from '../../descriptor/types-table';
import type {
  Descriptor,
  InnerMapDescription,
  MapDescription,
  TypeRef,
  VariableDescription,
} from '../../descriptor/types';

type Row = readonly string[];

/** Columns as wide as they need; the last one is not padded. */
function table(rows: readonly Row[]): string {
  const shown = rows.map((row) => row.map(escapeUnsafe));
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => row[column]?.length ?? 0)),
  );
  return shown
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

const part = (title: string, rows: readonly Row[]): string =>
  rows.length === 0 ? '' : `\n${escapeUnsafe(title)}\n${table(rows)}`;

const bytes = (count: number): string => `${String(count)} ${count === 1 ? 'byte' : 'bytes'}`;
const list = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((one) => one !== false && one !== undefined && one !== '').join(', ');

function head(file: string, { byteOrder, license, btf }: ObjectInspection): string {
  const types =
    btf === undefined
      ? 'without BTF: compile it with clang -g'
      : `BTF with ${String(btf.types)} types (${bytes(btf.size)})`;
  return `${escapeUnsafe(`${file}: ${list(`${byteOrder} endian`, `license ${license ?? 'none'}`, types)}`)}\n`;
}

const spelling = (ref: TypeRef | undefined, size: number | undefined): string => {
  if (typeof ref === 'string') return ref;
  if (ref === undefined) return size === undefined ? '' : bytes(size);
  switch (ref.kind) {
    case 'pointer':
      return ref.c;
    case 'array': {
      const lengths: string[] = [];
      let element: TypeRef = ref;
      while (typeof element === 'object' && element.kind === 'array') {
        lengths.push(`[${String(element.length)}]`);
        element = element.element;
      }
      return `${spelling(element, undefined)}${lengths.join('')}`;
    }
    default:
      return `${ref.kind} {…}`;
  }
};

function pair({ key, keySize, value, valueSize }: MapDescription | InnerMapDescription): string {
  const [from, to] = [spelling(key, keySize), spelling(value, valueSize)];
  return from === '' || to === '' ? from + to : `${from} -> ${to}`;
}

function mapRow(map: MapDescription): Row {
  const { name, type = '', maxEntries, flags = 0, pinned, inner, extern, weak } = map;
  const contents = inner === undefined ? pair(map) : `${inner.type ?? 'maps'} (${pair(inner)})`;
  const notes = list(
    maxEntries !== undefined && `${String(maxEntries)} entries`,
    flags !== 0 && `flags 0x${flags.toString(16)}`,
    pinned && 'pinned by name',
    weak && 'weak',
    extern && 'to be defined by another object',
  );
  return [name, type, contents, notes];
}

function programRow(program: ObjectInspection['programs'][number]): Row {
  const { name, section, programType, attachType, sleepable, autoload, weak, instructions } = program;
  const kind =
    programType === undefined
      ? 'type not told by the section'
      : list(programType, attachType !== programType && attachType);
  return [
    name,
    `SEC("${section}")`,
    kind,
    list(
      `${String(instructions)} instructions`,
      sleepable && 'sleepable',
      autoload === false && 'not loaded unless asked for',
      weak && 'weak',
    ),
  ];
}

const declared = ({ name, c, weak, size }: VariableDescription): Row => [
  name,
  c,
  list(size > 0 && bytes(size), weak && 'weak'),
];

function sectionPart({ name, size, variables }: ObjectInspection['sections'][number]): string {
  const rows = variables.map((variable): Row => {
    const { offset, c, weak } = variable;
    const notes = list(weak && 'weak', variable.static && 'static');
    return [String(offset), bytes(variable.size), c ?? variable.name, notes];
  });
  return `\n${escapeUnsafe(name)} (${bytes(size)})\n${table(rows)}`;
}

function typesPart(types: Descriptor['types'], definitions: boolean): string {
  const composite = Object.entries(types).filter(
    ([, { kind }]) => kind === 'struct' || kind === 'union' || kind === 'enum',
  );
  if (!definitions) {
    return part(
      'types',
      composite.map(([key, type]): Row => [key, 'size' in type ? bytes(type.size) : '']),
    );
  }
  const layouts = typesOf({ types });
  const texts = composite.flatMap(([key]) => {
    const type = layouts.resolve(key);
    if (type.kind !== 'struct' && type.kind !== 'union' && type.kind !== 'enum') return [];
    return [formatDefinition(type, { offsets: true }).split('\n').map(escapeUnsafe).join('\n')];
  });
  return texts.length === 0 ? '' : `\ntypes (byte offset and size)\n${texts.join('\n\n')}\n`;
}

export function inspectionText(file: string, object: ObjectInspection, definitions: boolean): string {
  const { functions, ksyms } = object;
  return [
    head(file, object),
    part(
      'libraries',
      object.libraries.map(({ name, version }): Row => [name, version]),
    ),
    part('programs', object.programs.map(programRow)),
    part('maps', object.maps.map(mapRow)),
    ...object.sections.map(sectionPart),
    part('struct_ops', object.structOps.map(declared)),
    part('.kconfig', object.kconfig.map(declared)),
    part('variables of other objects', object.externs.map(declared)),
    part(
      'variables that modules leave out',
      object.leftOut.map(({ name, section = '', reason }): Row => [name, section, reason]),
    ),
    part(
      'functions',
      functions.map(({ c, extern, weak }): Row => [
        c,
        list(weak && 'weak', extern && 'to be defined by another object'),
      ]),
    ),
    part(
      'of the kernel',
      ksyms.map(({ c, kind, weak }): Row => [c, list(kind, weak && 'weak')]),
    ),
    typesPart(object.types, definitions),
  ].join('');
}
