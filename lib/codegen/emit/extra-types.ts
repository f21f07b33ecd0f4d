/** `--type`: types that no variable or map of the object reaches, such as the records of a ring buffer. */
import type { RawBtf } from '../../btf/records/record-table';
import { resolveType } from '../../btf/layout/resolve';
import { getOwn, setOwn } from '../../util/own-property';
import type { Descriptor, TypeDescription } from '../../descriptor/types';
import { TypesWriter } from '../../descriptor/read/types-writer';
import { CodegenError } from '../../errors';
import { alternatives } from '../../util/suggest';

const KINDS = ['struct', 'union', 'enum', 'enum64', 'typedef'] as const;

/** 'struct event' → the struct only; 'event' → whatever has that name. */
function findType(btf: RawBtf, name: string): number | undefined {
  const match = /^(struct|union|enum) (.+)$/.exec(name);
  const [, keyword, tag = name] = match ?? [];
  const kinds = KINDS.filter((kind) => keyword === undefined || kind === keyword || kind === `${keyword}64`);
  for (const kind of kinds) {
    const id = btf.findByName(tag, kind);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Everything that could have been meant: for "did you mean". */
function candidates(btf: RawBtf): string[] {
  return KINDS.flatMap((kind) =>
    [...btf.idsOfKind(kind)].map((id) => {
      const { name } = btf.type(id);
      return kind === 'typedef' ? name : `${kind.replace('64', '')} ${name}`;
    }),
  ).filter((name) => !name.endsWith(' ') && name !== '');
}

/** The descriptor with these types and what they consist of. @throws CodegenError naming each that is not there */
export function withTypes(descriptor: Descriptor, btf: RawBtf, names: readonly string[]): Descriptor {
  if (names.length === 0) return descriptor;
  const writer = new TypesWriter();
  const problems: string[] = [];
  for (const name of names) {
    const id = findType(btf, name);
    if (id === undefined)
      problems.push(`the object's BTF has no type '${name}'${alternatives(name, candidates(btf))}`);
    else writer.ref(resolveType(btf, id));
  }
  const types: Record<string, TypeDescription> = { ...descriptor.types };
  for (const [key, description] of Object.entries(writer.types)) {
    const known = getOwn(types, key);
    if (known === undefined) setOwn(types, key, description);
    else if (JSON.stringify(known) !== JSON.stringify(description)) {
      problems.push(`the object's BTF has several types '${key}' that differ`);
    }
  }
  if (problems.length > 0) throw new CodegenError(problems);
  return { ...descriptor, types };
}
