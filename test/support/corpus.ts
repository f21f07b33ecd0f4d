/** The BPF sources of all kinds that the generator is tried on. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from '../../lib/descriptor/read/from-object';
import type { Descriptor } from '../../lib/descriptor/types';
import { compileBpf, ROOT } from './compile';

const FOLDER = path.join(ROOT, 'test/bpf/corpus');

export const corpusNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.bpf.c'))
    .map((file) => file.replace(/\.bpf\.c$/, ''))
    .sort();

/** The compiled object's path. */
export function corpusObject(name: string): string {
  mkdirSync(path.join(ROOT, 'test/bpf/out/corpus'), { recursive: true });
  return compileBpf(`corpus/${name}`);
}

export const corpusDescriptor = (name: string): Descriptor => describe(corpusObject(name));

export const corpusBytes = (name: string): Uint8Array => readFileSync(corpusObject(name));
