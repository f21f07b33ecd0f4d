/** Writes a descriptor as JavaScript: the module, and its types in a .d.ts of their own. */
import type { Descriptor } from '../../descriptor/types';
import { jsConstants, typeDeclarations } from './emit-declarations';
import { mainInterface } from './emit-interface';
import { factoryDoc, type EmitOptions } from './emit-ts';
import { banner, factoryStatement } from './factory';
import { importStatement, requireStatement } from './imports';
import { moduleModel } from '../model/model';
import { flatType } from './print-type';
import { TypeScriptTypes } from './typescript-types';

export type ModuleFormat = 'esm' | 'cjs';

export interface JavaScriptModule {
  readonly js: string;
  readonly dts: string;
}

/** @throws CodegenError listing everything that cannot be written. */
export function emitJavaScript(
  descriptor: Descriptor,
  options: EmitOptions & { readonly module: ModuleFormat },
): JavaScriptModule {
  const model = moduleModel(descriptor);
  const types = new TypeScriptTypes(model, options.int64 ?? 'bigint');
  const { typeName } = model;
  const skeleton = options.kind === 'skeleton';
  const define = skeleton ? 'defineSkeleton' : 'defineSubskeleton';
  const esm = options.module === 'esm';
  const prefix = esm ? 'export const ' : 'exports.';
  const doc = factoryDoc(options.kind, typeName);

  const statement = factoryStatement(`${prefix}${typeName}`, define, descriptor, options.object, options);
  const constants = model.types.flatMap((type) => jsConstants(type, prefix));
  const head = esm ? importStatement([define], false) : `"use strict";\n\n${requireStatement([define])}`;
  const js = [`${banner(model, options.kind)}${head}`, ...constants, `${doc}${statement}`].join('\n');

  const declarations = [
    ...model.types.flatMap((type) => typeDeclarations(type, model, types, 'dts')),
    mainInterface(model, types, options.kind),
  ];
  const factory = flatType(types.factory(skeleton, typeName).type);
  const value = `${doc}export declare const ${typeName}: ${factory};\n`;
  const imports = importStatement(types.imports, true);
  const dts = [`${banner(model, options.kind)}${imports}`, ...declarations, value].join('\n');
  return { js, dts };
}
