/** Looks through what changes no layout: typedefs, qualifiers and type tags. */
import { MAX_CHAIN } from '../limits';
import type { RawBtf } from '../records/record-table';
import type { RawType } from '../records/records';

export interface Unmodified {
  readonly target: RawType;
  /** The typedef nearest to a struct, union or enum that has no name of its own. */
  readonly namedBy: number | undefined;
}

/** What the type `id` (or the variable whose VAR it is) is in the end. Throws BtfError for an endless chain. */
export function skipModifiers(btf: RawBtf, id: number): Unmodified {
  let typedef: number | undefined;
  let raw = btf.type(id);
  for (let steps = 0; steps <= MAX_CHAIN; steps++) {
    switch (raw.kind) {
      case 'typedef':
        typedef = raw.id;
        break;
      case 'var':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        break;
      default:
        return { target: raw, namedBy: canBeNamed(raw) ? typedef : undefined };
    }
    raw = btf.type(raw.type);
  }
  throw btf.error(
    id,
    `is an endless chain of typedefs or qualifiers, or one of more than ${String(MAX_CHAIN)}`,
  );
}

function canBeNamed({ kind, name }: RawType): boolean {
  return name === '' && (kind === 'struct' || kind === 'union' || kind === 'enum' || kind === 'enum64');
}
