/**
 * A descriptor from outside (a generated module, a JSON file) → a Descriptor that can be relied on: every field of its
 * type, every reference to a type that is there, every layout possible. Fields that this version does not know are
 * refused: a misspelt one must not be ignored in silence.
 */
import { MAX_DEPTH, MAX_NODES } from '../../btf/limits';
import { DescriptorError } from '../../errors';
import { plainCopy } from '../../util/plain-copy';
import { shown } from '../../util/shown';
import { DESCRIPTOR_VERSION } from '../types';
import type { Descriptor } from '../types';
import { LayoutValidator } from './validate-types';
import { checkFields, fields, items, optional, required } from './validate-fields';
import type { FieldRules } from './validate-fields';

const tags = optional('strings');
const flag = optional('flag');

const VARIABLE: FieldRules = {
  name: required('name'),
  section: optional('name'),
  type: required('type'),
  size: required('size'),
  c: required('string'),
  weak: flag,
  extern: flag,
  tags,
};

const INNER_MAP: FieldRules = {
  type: optional('name'),
  key: optional('type'),
  value: optional('type'),
  keySize: optional('u32'),
  valueSize: optional('u32'),
  maxEntries: optional('u32'),
  flags: optional('u32'),
};

const MAP: FieldRules = {
  name: required('name'),
  ...INNER_MAP,
  pinned: flag,
  inner: optional('any'),
  extern: flag,
  weak: flag,
  tags,
};

const PROGRAM: FieldRules = {
  name: required('name'),
  section: required('name'),
  c: optional('string'),
  weak: flag,
  tags,
};

const FUNCTION: FieldRules = { name: required('name'), c: required('string'), extern: flag, weak: flag };

const KSYM: FieldRules = {
  name: required('name'),
  kind: required(['variable', 'function']),
  c: required('string'),
  weak: flag,
};

const PACKAGE: FieldRules = { name: required('name'), version: required('name') };

const DESCRIPTOR: FieldRules = {
  version: required('any'),
  name: required('name'),
  byteOrder: required(['little', 'big']),
  license: optional('string'),
  package: optional('object'),
  maps: required('array'),
  programs: required('array'),
  variables: required('array'),
  functions: required('array'),
  ksyms: required('array'),
  structOps: required('array'),
  types: required('object'),
};

/** `value` itself, if it is a descriptor. Throws DescriptorError, whose `path` names the first field that is not right. */
export function validateDescriptor(value: unknown): Descriptor {
  const descriptor = fields(value, 'descriptor');
  if (descriptor['version'] !== DESCRIPTOR_VERSION) {
    throw new DescriptorError(
      'version',
      `is ${shown(descriptor['version'])}, but this package reads version ${String(DESCRIPTOR_VERSION)}: generate the module anew`,
    );
  }
  const layouts = new LayoutValidator(fields(descriptor['types'] ?? {}, 'types'));
  checkFields(descriptor, '', DESCRIPTOR, layouts);
  if (descriptor['package'] !== undefined)
    checkFields(fields(descriptor['package'], 'package'), 'package', PACKAGE, layouts);
  layouts.checkAll();
  checkList(descriptor, 'variables', VARIABLE, layouts, checkVariable);
  checkList(descriptor, 'structOps', VARIABLE, layouts, checkVariable);
  checkList(descriptor, 'maps', MAP, layouts, checkMap);
  checkList(descriptor, 'programs', PROGRAM, layouts);
  checkList(descriptor, 'functions', FUNCTION, layouts);
  checkList(descriptor, 'ksyms', KSYM, layouts);
  return value as Descriptor;
}

/** Far beyond what a library has, and what memory holds easily. */
const MAX_PARTS = 10 * MAX_NODES;
/** A type in a member's place takes three: the type, its members, the member. */
const MAX_LEVELS = 4 * MAX_DEPTH;

/**
 * A frozen copy of a descriptor, validated. Of `value` itself a getter could answer differently when it is read again, and
 * its owner could change it.
 * @throws DescriptorError
 */
export function validatedCopy(value: unknown): Descriptor {
  const fail = (problem: string): Error => new DescriptorError('descriptor', problem);
  return validateDescriptor(plainCopy(value, MAX_PARTS, MAX_LEVELS, fail));
}

type Check = (entry: Readonly<Record<string, unknown>>, path: string, layouts: LayoutValidator) => void;

function checkList(
  descriptor: Readonly<Record<string, unknown>>,
  list: string,
  rules: FieldRules,
  layouts: LayoutValidator,
  check?: Check,
): void {
  const names = new Set<unknown>();
  for (const [index, item] of items(descriptor[list], list).entries()) {
    const path = `${list}[${String(index)}]`;
    const entry = fields(item, path);
    checkFields(entry, path, rules, layouts);
    check?.(entry, path, layouts);
    if (names.has(entry['name']))
      throw new DescriptorError(`${path}.name`, `'${String(entry['name'])}' is listed twice`);
    names.add(entry['name']);
  }
}

function checkVariable(
  entry: Readonly<Record<string, unknown>>,
  path: string,
  layouts: LayoutValidator,
): void {
  const size = layouts.sizeOf(entry['type'], `${path}.type`);
  if ((entry['size'] as number) < size) {
    throw new DescriptorError(
      `${path}.size`,
      `is ${String(entry['size'])}, but the type has ${String(size)} bytes`,
    );
  }
  if (entry['section'] === undefined && entry['extern'] === undefined) {
    throw new DescriptorError(`${path}.section`, 'is missing: only an extern variable has none');
  }
}

function checkMap(entry: Readonly<Record<string, unknown>>, path: string, layouts: LayoutValidator): void {
  for (const [type, size] of [
    ['key', 'keySize'],
    ['value', 'valueSize'],
  ] as const) {
    if (entry[type] === undefined) continue;
    const bytes = layouts.sizeOf(entry[type], `${path}.${type}`);
    if (entry[size] !== bytes) {
      throw new DescriptorError(
        `${path}.${size}`,
        `is ${String(entry[size])}, but the type of the ${type} has ${String(bytes)} bytes`,
      );
    }
  }
  if (entry['inner'] !== undefined) {
    const inner = fields(entry['inner'], `${path}.inner`);
    checkFields(inner, `${path}.inner`, INNER_MAP, layouts);
    checkMap(inner, `${path}.inner`, layouts);
  }
}
