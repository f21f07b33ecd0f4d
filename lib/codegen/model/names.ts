/** The identifiers of a generated module: which names it may use, and how names that clash are told apart. */
import { distinct } from '../../descriptor/identifiers';

/** Words that cannot name a type, a constant, or an export of a module. */
const RESERVED_WORDS = [
  // The language's own words, those of strict mode and of modules included.
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends',
  'false finally for function if implements import in instanceof interface let new null package private protected',
  'public return static super switch this throw true try typeof var void while with yield',
  // TypeScript's built-in types.
  'any bigint boolean never number object string symbol undefined unknown',
  // What CommonJS and TypeScript keep for themselves at the top of a module.
  '__dirname __esModule __filename exports globalThis module require Object Promise Symbol',
].flatMap((line) => line.split(' '));

/** The names that a generated module imports. All are kept free, so that using one more renames nothing. */
export const IMPORTED_NAMES = [
  'ArrayVariable',
  'BigIntVariable',
  'BooleanVariable',
  'BpfLink',
  'BpfMap',
  'BpfProgram',
  'CharArray',
  'CharArrayVariable',
  'Int128Variable',
  'Int32Variable',
  'Int64Map',
  'NumberVariable',
  'RecordsMap',
  'Skeleton',
  'SkeletonFactory',
  'StructOps',
  'StructVariable',
  'Subskeleton',
  'SubskeletonFactory',
  'TypedDecode',
  'Uint32Variable',
  'defineSkeleton',
  'defineSubskeleton',
] as const;
export type ImportedName = (typeof IMPORTED_NAMES)[number];

/** The global types that a generated module refers to. */
const GLOBAL_TYPES = [
  ...['Int8Array', 'Uint8Array', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  // The type parameter of structs with 64-bit integers.
  'Int64',
  ...['BigInt64Array', 'BigUint64Array', 'Float32Array', 'Float64Array', 'Array'],
];

const RESERVED: ReadonlySet<string> = new Set([...RESERVED_WORDS, ...IMPORTED_NAMES, ...GLOBAL_TYPES]);

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

export const isIdentifier = (name: string): boolean => IDENTIFIER.test(name);

/** Any text as an identifier: bpftool's rule, with '_' for what C does not allow; never empty, never a digit first. */
export function toIdentifier(text: string): string {
  const name = text.replace(/[^\p{ID_Continue}$]/gu, '_');
  return isIdentifier(name) ? name : `_${name}`;
}

/** The exported type's name: `request_stats` → `RequestStats`, `http2_lib` → `Http2Lib`, `_9p` → `_9p`. */
export function pascalCase(name: string): string {
  const words = name.split('_').filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return toIdentifier(joined === '' ? name : joined);
}

/** Hands out the module's top-level names: first come, first served; who comes late gets `name_2`. */
export class ModuleNames {
  readonly #taken = new Set(RESERVED);

  /** `wanted` made an identifier; a reserved word gets a '_' behind it. */
  take(wanted: string): string {
    const name = toIdentifier(wanted);
    return distinct(RESERVED.has(name) ? `${name}_` : name, this.#taken);
  }
}
