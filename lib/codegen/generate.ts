/** The door of the generator: a descriptor and what is wanted in, the texts of the files out. */
import type { Descriptor } from '../descriptor/types';
import { emitJavaScript, type ModuleFormat } from './emit/emit-js';
import { emitTypeScript } from './emit/emit-ts';
import type { ModuleKind } from './emit/emit-interface';
import type { ObjectSource } from './emit/factory';
import type { Int64 } from './emit/typescript-types';

export interface GenerateOptions {
  readonly kind: ModuleKind;
  /** Default 'ts'. */
  readonly lang?: 'ts' | 'js' | undefined;
  /** For JavaScript, and for a skeleton that reads its object from a file. Default 'cjs'. */
  readonly module?: ModuleFormat | undefined;
  readonly check?: 'layout' | 'size' | 'off' | undefined;
  readonly int64?: Int64 | undefined;
  /** A skeleton's object: its bytes, to be embedded, or its path relative to the module. */
  readonly object?: Uint8Array | string | undefined;
}

export interface GeneratedText {
  readonly extension: 'ts' | 'js' | 'd.ts';
  readonly text: string;
}

/**
 * Brotli and not deflate: Node's zlib has code of its own for each CPU and need not give the same bytes everywhere.
 * Quality 7 gives what 9 does to within half a percent, in a quarter of the time.
 */
function embed(bytes: Uint8Array): ObjectSource {
  // Only skeletons need it.
  const { brotliCompressSync, constants } = require('node:zlib') as typeof import('node:zlib');
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 7,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return { brotli: brotliCompressSync(bytes, { params }).toString('base64'), size: bytes.length };
}

function objectSource({ object, module }: GenerateOptions): ObjectSource | undefined {
  if (object === undefined) return undefined;
  if (typeof object !== 'string') return embed(object);
  return { file: object, from: module === 'esm' ? 'import.meta.url' : '__filename' };
}

/** @throws CodegenError listing everything that cannot be written. */
export function generate(descriptor: Descriptor, options: GenerateOptions): GeneratedText[] {
  const emit = {
    kind: options.kind,
    check: options.check,
    int64: options.int64,
    object: objectSource(options),
  };
  if (options.lang !== 'js') return [{ extension: 'ts', text: emitTypeScript(descriptor, emit) }];
  const { js, dts } = emitJavaScript(descriptor, { ...emit, module: options.module ?? 'cjs' });
  return [
    { extension: 'js', text: js },
    { extension: 'd.ts', text: dts },
  ];
}
