/** What `bpftool gen skeleton` sees in an object, read from the C that it writes. */
import { spawnSync } from 'node:child_process';
import { BPFTOOL } from './bpftool';

export interface SkeletonContents {
  readonly maps: string[];
  readonly programs: string[];
  /** 'bss.counter' */
  readonly variables: string[];
}

/** The fields of the braces that follow `head`; inner braces are left out. */
function body(text: string, head: RegExp): string {
  const match = head.exec(text);
  if (match === null) return '';
  let depth = 1;
  let inside = '';
  for (let i = match.index + match[0].length; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (depth === 0) return inside;
    if (depth === 1 && char !== '}') inside += char;
  }
  throw new Error(`no end: ${head.source}`);
}

/** The names that are declared: the first identifier after the type that is no keyword of a declarator. */
function declared(fields: string): string[] {
  return fields
    .split(';')
    .map((field) => field.replaceAll(/__attribute__\(\(.*?\)\)/gs, '').trim())
    .filter((field) => field !== '')
    .map((field) => {
      // int (*name)(void), int (*name[3])(…), int (*(*name)(int))(char)
      const pointer = /\(\*[\s*(]*(?:const |volatile |restrict )*(\w+)/u.exec(field);
      const plain = /([\p{ID_Continue}]+)\s*(?:\[[^\]]*\])*$/u.exec(field);
      const name = (pointer ?? plain)?.[1];
      if (name === undefined) throw new Error(`cannot read '${field}'`);
      return name;
    });
}

/** undefined: bpftool refuses the object. */
export function bpftoolSkeleton(object: string): SkeletonContents | undefined {
  const { status, stdout } = spawnSync(BPFTOOL, ['gen', 'skeleton', object, 'name', 'x'], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status !== 0 || stdout === '') return undefined;
  const [head = ''] = stdout.split('#ifdef __cplusplus');
  const variables: string[] = [];
  for (const match of head.matchAll(/struct x__(\w+) \{/g)) {
    const names = declared(body(head.slice(match.index), /\{/));
    // Padding between variables is bpftool's own.
    variables.push(
      ...names.filter((name) => !/^__pad\d+$/.test(name)).map((name) => `${match[1] ?? ''}.${name}`),
    );
  }
  const pointers = (type: string): string[] =>
    [...head.matchAll(new RegExp(`struct ${type} \\*([^;]+);`, 'g'))].map((match) => match[1] ?? '');
  return { maps: pointers('bpf_map'), programs: pointers('bpf_program'), variables };
}
