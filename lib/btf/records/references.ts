import type { RawType } from './records';

/** The ids of the types that a type mentions, 0 (void) included. */
export function referencesOf(type: RawType): readonly number[] {
  switch (type.kind) {
    case 'array':
      return [type.type, type.indexType];
    case 'struct':
    case 'union':
      return type.members.map((member) => member.type);
    case 'func_proto':
      return [type.type, ...type.parameters.map((parameter) => parameter.type)];
    case 'datasec':
      return type.entries.map((entry) => entry.type);
    case 'void':
    case 'int':
    case 'float':
    case 'enum':
    case 'enum64':
    case 'fwd':
    case 'unknown':
      return [];
    default:
      return [type.type];
  }
}
