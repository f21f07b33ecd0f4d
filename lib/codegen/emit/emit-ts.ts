/** Writes a descriptor as a TypeScript module. */
import type { Descriptor } from '../../descriptor/types';
import { typeDeclarations } from './emit-declarations';
import { mainInterface, type ModuleKind } from './emit-interface';
import { banner, factoryStatement, type BakedOptions, type ObjectSource } from './factory';
import { importStatement } from './imports';
import { moduleModel } from '../model/model';
import { flatType } from './print-type';
import { docComment } from './text';
import { TypeScriptTypes } from './typescript-types';

export interface EmitOptions extends BakedOptions {
  readonly kind: ModuleKind;
  /** A skeleton's object bytes. */
  readonly object?: ObjectSource | undefined;
}

export function factoryDoc(kind: ModuleKind, typeName: string): string {
  return kind === 'skeleton'
    ? docComment([`Opens the object: \`${typeName}.open()\`.`], '')
    : docComment([`Finds the library in an object: \`${typeName}.open(object)\`.`], '');
}

/** @throws CodegenError listing everything that cannot be written. */
export function emitTypeScript(descriptor: Descriptor, options: EmitOptions): string {
  const model = moduleModel(descriptor);
  const types = new TypeScriptTypes(model, options.int64 ?? 'bigint');
  const { typeName } = model;
  const skeleton = options.kind === 'skeleton';
  const factory = types.factory(skeleton, typeName);
  const define = skeleton ? 'defineSkeleton' : 'defineSubskeleton';
  const declarations = [
    ...model.types.flatMap((type) => typeDeclarations(type, model, types, 'ts')),
    mainInterface(model, types, options.kind),
  ].join('\n');
  const statement = factoryStatement(
    `export const ${typeName}: ${flatType(factory.type)}`,
    `${define}<${factory.args}>`,
    descriptor,
    options.object,
    options,
  );
  const imports = importStatement([define, ...types.imports], false);
  return `${banner(model, options.kind)}${imports}\n${declarations}\n${factoryDoc(options.kind, typeName)}${statement}`;
}
