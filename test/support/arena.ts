/** test/bpf/arena.bpf.c, compiled by a clang that knows arenas. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileBpfSource, newClang, ROOT } from './compile';

export const arenaObject = (...flags: string[]): string =>
  compileBpfSource(readFileSync(path.join(ROOT, 'test/bpf/arena.bpf.c'), 'utf8'), 'arena', flags, newClang());
