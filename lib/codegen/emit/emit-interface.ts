/** The exported interface of a generated module: maps, programs, and one property for each section. */
import { mapTraits } from '../../uapi/map-types';
import type { MapDescription, TypeRef, VariableDescription } from '../../descriptor/types';
import { mapDoc, moduleDoc, programDoc, variableDoc } from './docs';
import { interfaceHead, propertyLine } from './emit-declarations';
import { isRecordMap, recordTypes, type ModuleModel } from '../model/model';
import { arrayOf, flatType, named, union, type TypeText } from './print-type';
import { docComment, memberKey } from './text';
import { INT64, type TypeScriptTypes } from './typescript-types';

export type ModuleKind = 'subskeleton' | 'skeleton';

interface Property {
  readonly name: string;
  readonly type: TypeText;
  readonly doc: readonly string[];
  readonly writable?: boolean;
}

/** `readonly name: { … };` */
function group(name: string, doc: string, properties: readonly Property[]): string {
  const lines = properties.map(
    (property) =>
      docComment(property.doc, '    ') +
      propertyLine(
        `${property.writable === true ? '' : 'readonly '}${memberKey(property.name)}`,
        property.type,
        '    ',
      ),
  );
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('')}  }`;
  return `${docComment([doc], '  ')}  readonly ${name}: ${body};\n`;
}

/** As the runtime's codecs decide it (lib/runtime/map/elements/element-codecs.ts). */
function mapType(map: MapDescription, model: ModuleModel, types: TypeScriptTypes): TypeText {
  if (isRecordMap(map) && model.recordsName !== undefined) {
    return types.records(model.recordsName, map.value);
  }
  const traits = mapTraits(map.type ?? '');
  const { key, value } = map;
  const depends = (ref: TypeRef | undefined): boolean => ref !== undefined && types.dependsOnInt64(ref);
  const element = (ref: TypeRef | undefined, size: number | undefined, number: boolean) => {
    if (ref !== undefined) return (int64?: TypeText) => types.plain(ref, int64);
    return () => named(number && (size ?? 4) === 4 ? 'number' : 'Uint8Array');
  };
  const keyType =
    traits.keyless === true ? () => named('undefined') : element(key, map.keySize, traits.indexed === true);
  const valueType = element(value, map.valueSize, traits.numbers === true);
  const { holds } = traits;
  if (holds !== undefined) {
    const held = types.library(holds === 'maps' ? 'BpfMap' : 'BpfProgram');
    const holder = (int64?: TypeText) => types.library('BpfMap', keyType(int64), named('number'), held);
    return depends(key) ? types.eitherInt64(holder) : holder();
  }
  const plain = (int64?: TypeText) =>
    types.library(
      'BpfMap',
      keyType(int64),
      traits.perCpu === true ? arrayOf(valueType(int64)) : valueType(int64),
    );
  return depends(key) || depends(value) ? types.eitherInt64(plain) : plain();
}

const variableProperty = (variable: VariableDescription, types: TypeScriptTypes): Property => ({
  name: variable.name,
  type: types.variable(variable.type),
  doc: variableDoc(variable),
});

function mapsGroup(model: ModuleModel, types: TypeScriptTypes): string {
  const own = model.descriptor.maps.map((map) => ({
    name: map.name,
    type: mapType(map, model, types),
    doc: mapDoc(map),
  }));
  const internal = [...model.internalMaps].map(([section, identifier]) => ({
    name: identifier,
    type: types.library('BpfMap', named('number'), named('Uint8Array')),
    doc: [`The internal map of \`${section}\`.`],
  }));
  return group('maps', 'Maps, by their BPF names, and the internal map of each section.', [
    ...own,
    ...internal,
  ]);
}

function linksGroup(model: ModuleModel, types: TypeScriptTypes): string {
  const { programs, structOps } = model.descriptor;
  const names = [...new Set([...programs, ...structOps].map(({ name }) => name))];
  return group(
    'links',
    'What attach() made, or what you put there; detach() ends them.',
    names.map((name) => ({
      name,
      type: union(types.library('BpfLink'), named('undefined')),
      doc: [`The link of \`${name}\`, while it is attached.`],
      writable: true,
    })),
  );
}

function structOpsGroup(model: ModuleModel, types: TypeScriptTypes): string {
  return group(
    'structOps',
    'struct_ops maps.',
    model.descriptor.structOps.map((variable) => ({
      name: variable.name,
      type: types.library('StructOps', types.exact(variable.type)),
      doc: variableDoc(variable),
    })),
  );
}

/** The interface that says which types `records()` knows; '' where there is none. */
export function recordsInterface(model: ModuleModel, types: TypeScriptTypes): string {
  if (model.recordsName === undefined) return '';
  const keys = recordTypes(model.descriptor);
  const lines = keys.map((key) => propertyLine(memberKey(key), types.plain(key, INT64), '  '));
  const doc = docComment(['What records can be, by their C names.'], '');
  return `${doc}${interfaceHead(model.recordsName, types.recordsDepend ? types.parameter : undefined)} {\n${lines.join('')}}\n\n`;
}

/** `export interface Name extends Subskeleton { … }` */
export function mainInterface(model: ModuleModel, types: TypeScriptTypes, kind: ModuleKind): string {
  const { descriptor } = model;
  const sections = model.sections.map((section) =>
    group(
      section.identifier,
      `Variables in \`${section.section}\`.`,
      section.variables.map((variable) => variableProperty(variable, types)),
    ),
  );
  const externs = model.externs.map((variable) => variableProperty(variable, types));
  const programs = descriptor.programs.map((program) => ({
    name: program.name,
    type: types.library('BpfProgram'),
    doc: programDoc(program),
  }));
  const skeleton = kind === 'skeleton';
  const attaches = descriptor.programs.length + descriptor.structOps.length > 0;
  const groups = [
    mapsGroup(model, types),
    group('progs', 'Programs, by their BPF names.', programs),
    ...(skeleton || attaches ? [linksGroup(model, types)] : []),
    ...(descriptor.structOps.length > 0 ? [structOpsGroup(model, types)] : []),
    ...sections,
    ...(externs.length > 0 ? [group('externs', 'Variables that are only declared here.', externs)] : []),
  ];
  const { recordsName } = model;
  const decode =
    recordsName === undefined
      ? ''
      : docComment(['A value of one of these structs from its bytes.'], '  ') +
        propertyLine('readonly decode', types.structs('TypedDecode', recordsName), '  ');
  const doc = docComment(moduleDoc(descriptor, skeleton ? 'object' : 'library'), '');
  const head = interfaceHead(
    model.typeName,
    undefined,
    flatType(types.library(skeleton ? 'Skeleton' : 'Subskeleton')),
  );
  return `${recordsInterface(model, types)}${doc}${head} {\n${groups.join('')}${decode}}\n`;
}
