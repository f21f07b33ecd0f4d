/** From an object's bytes to the files of its module: what `gen` and `build` share. */
import { withTypes } from '../../codegen/emit/extra-types';
import { generate, type GenerateOptions, type GeneratedText } from '../../codegen/generate';
import type { ModuleKind } from '../../codegen/emit/emit-interface';
import { readBtf } from '../../descriptor/read/from-object';
import { describeElf } from '../../descriptor/read/describe-elf';
import { parseElf } from '../../elf/elf';
import type { Invocation } from '../command/command';
import { Omission } from './omission';
import { moduleFormat } from './module-format';

export const SUFFIX: Readonly<Record<ModuleKind, string>> = { subskeleton: 'subskel', skeleton: 'skel' };

/** `request_stats.subskel.ts` */
export function moduleFile(name: string, kind: ModuleKind, invocation: Invocation): string {
  return `${name}.${SUFFIX[kind]}.${invocation.value('lang') === 'js' ? 'js' : 'ts'}`;
}

/** The file beside a JavaScript module that has its types: x.mjs → x.d.mts */
export const typesFile = (output: string): string => output.replace(/\.([cm]?)js$/, '.d.$1ts');

/**
 * The texts of the module.
 * @param source what errors call the object
 * @param near a file or folder whose nearest package.json tells the module format
 */
export function moduleTexts(
  object: {
    readonly bytes: Uint8Array;
    readonly source: string;
    readonly name: string;
    /** The library package that ships it. */
    readonly library?: { readonly name: string; readonly version: string } | undefined;
  },
  kind: ModuleKind,
  invocation: Invocation,
  near: string,
): GeneratedText[] {
  const elf = parseElf(object.bytes, object.source);
  const btf = readBtf(elf);
  const omit = new Omission(invocation.values('omit'), kind === 'subskeleton');
  const described = describeElf(elf, btf, object.name, omit.matches);
  omit.check();
  const { library } = object;
  if (kind === 'subskeleton' && library !== undefined)
    described.package = { name: library.name, version: library.version };
  const descriptor = withTypes(described, btf, invocation.values('type'));
  const lang = invocation.value('lang') as GenerateOptions['lang'];
  // TypeScript is the same in both formats, unless it says where it is itself.
  const matters = lang === 'js' || invocation.flag('object');
  const given = invocation.value('module') as GenerateOptions['module'];
  return generate(descriptor, {
    kind,
    lang,
    module: given ?? (matters ? moduleFormat(near) : undefined),
    check: invocation.value('check') as GenerateOptions['check'],
    int64: invocation.value('int64') as GenerateOptions['int64'],
    object: kind === 'skeleton' ? (invocation.value('object') ?? object.bytes) : undefined,
  });
}
