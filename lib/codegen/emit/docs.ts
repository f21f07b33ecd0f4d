/** The docstrings of a generated module: what each member is in C, where it lives, and its BTF tags. */
import type {
  Descriptor,
  FunctionDescription,
  InnerMapDescription,
  KsymDescription,
  MapDescription,
  MemberDescription,
  ProgramDescription,
  VariableDescription,
} from '../../descriptor/types';
import type { DeclaredType } from '../model/model';
import { wrap } from '../../util/text';
import { code } from './text';

const count = (n: number, one: string, many = `${one}s`): string => `${String(n)} ${n === 1 ? one : many}`;
const bytes = (n: number): string => count(n, 'byte');

const tagLines = (tags: readonly string[] | undefined): string[] =>
  (tags ?? []).map((tag) => `Tag: ${code(tag)}.`);

export function typeDoc({ title, description }: DeclaredType): string[] {
  const c = /^(?:struct|union|enum) |^\w+$/.test(title)
    ? code(title)
    : title.replace(/^t/, 'T').replace(/^m/, 'M');
  return [`${c}, ${bytes(description.size)}.`];
}

export function memberDoc(member: MemberDescription): string[] {
  const c = member.c === undefined ? [] : [code(member.c)];
  return [...c, ...tagLines(member.tags)];
}

const DECLARED = 'Only declared here: another library or the final object defines it.';

function weakDoc(variable: VariableDescription): string {
  if (variable.section === '.kconfig') return "Weak: zero where the kernel's configuration lacks it.";
  return variable.extern === true
    ? 'Weak: nobody need define it.'
    : 'Weak: a strong definition elsewhere takes its place.';
}

export function variableDoc(variable: VariableDescription): string[] {
  const place = variable.section === undefined ? '' : ` in ${code(variable.section)}`;
  const lines = [`${code(variable.c)}${place}, ${bytes(variable.size)}.`];
  if (variable.section === '.kconfig') lines.push("From the kernel's configuration: known after load().");
  else if (variable.extern === true) lines.push(DECLARED);
  if (variable.weak === true) lines.push(weakDoc(variable));
  return [...lines, ...tagLines(variable.tags)];
}

function mapFacts(map: InnerMapDescription): string {
  const facts = [map.type === undefined ? 'Map' : `${code(map.type)} map`];
  if (map.maxEntries !== undefined) facts.push(`max_entries ${String(map.maxEntries)}`);
  if (map.keySize !== undefined && map.keySize > 0) facts.push(`key ${bytes(map.keySize)}`);
  if (map.valueSize !== undefined && map.valueSize > 0) facts.push(`value ${bytes(map.valueSize)}`);
  if (map.flags !== undefined && map.flags !== 0) facts.push(`flags 0x${map.flags.toString(16)}`);
  return facts.join(', ');
}

export function mapDoc(map: MapDescription): string[] {
  const lines = wrap(`${mapFacts(map)}.`);
  if (map.inner !== undefined) lines.push(...wrap(`Its values are maps: ${mapFacts(map.inner)}.`));
  if (map.pinned === true) lines.push('Pinned by its name.');
  if (map.extern === true) lines.push(DECLARED);
  if (map.weak === true) lines.push('Weak: another definition may take its place.');
  return [...lines, ...tagLines(map.tags)];
}

export function programDoc(program: ProgramDescription): string[] {
  const declaration = program.c === undefined ? '' : `${code(program.c)}, `;
  const lines = [`${declaration}SEC(${code(program.section)}).`];
  if (program.weak === true) lines.push('Weak: another definition may take its place.');
  return [...lines, ...tagLines(program.tags)];
}

function functionList(title: string, items: readonly (FunctionDescription | KsymDescription)[]): string[] {
  if (items.length === 0) return [];
  return ['', title, ...items.map((item) => `- ${code(item.c)}${item.weak === true ? ' (weak)' : ''}`)];
}

/** What the whole library or object is, with the functions and kernel symbols that have no member of their own. */
export function moduleDoc(descriptor: Descriptor, kind: 'library' | 'object'): string[] {
  const { maps, programs, variables, functions, ksyms, license } = descriptor;
  const parts = [
    count(maps.length, 'map'),
    count(programs.length, 'program'),
    count(variables.length, 'variable'),
  ];
  return [
    ...wrap(`The BPF ${kind} ${code(descriptor.name)}: ${parts.join(', ')}.`),
    ...(license === undefined ? [] : [`License: ${license}.`]),
    ...functionList(
      'Functions, callable from BPF code:',
      functions.filter((fn) => fn.extern !== true),
    ),
    ...functionList(
      'Functions that another library or the final object must define:',
      functions.filter((fn) => fn.extern === true),
    ),
    ...functionList('What it uses of the kernel:', ksyms),
  ];
}
