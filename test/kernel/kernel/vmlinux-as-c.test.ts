/** All types of a kernel as C, held against libbpf and the compiler: of this one, and of the newest that was fetched. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Btf } from '../../../lib';
import { loadAddon } from '../../../lib/native/load/load';
import { listedKernels } from '../../support/kernels';
import { withFolder } from '../../support/run-cli';

/** Without blanks, and without padding that compilers need not be told about. */
const normal = (piece: string): string =>
  piece
    .replace(/\s+/g, ' ')
    .replace(/ ?([*(){}[\];,:]) ?/g, '$1')
    .replace(/(long|int|short|char):\d+;/g, '')
    .replace(/__attribute__\(\(aligned\(\d+\)\)\)/, '')
    .trim();

/** What is written, in its order. libbpf repeats declarations, which changes nothing. */
function pieces(text: string): string[] {
  const seen = new Set<string>();
  return text
    .split('\n\n')
    .map(normal)
    .filter((piece) => {
      if (piece === '' || seen.has(piece)) return false;
      if (/^(struct|union) \w+;$/.test(piece)) seen.add(piece);
      return true;
    });
}

function compile(btf: Btf, text: string): number {
  // Of several types of one name the printer numbers the later ones.
  const counts = new Map<string, number>();
  for (const kind of ['struct', 'union', 'enum', 'enum64'] as const)
    for (const { name } of btf.types({ kind })) counts.set(name, (counts.get(name) ?? 0) + 1);
  const checks: string[] = [];
  for (const kind of ['struct', 'union'] as const) {
    for (const { name, size, members } of btf.types({ kind })) {
      if (name === '' || counts.get(name) !== 1) continue;
      // __builtin_va_list is another type on each machine.
      if (members.some(({ declaration }) => /\bva_list\b/.test(declaration))) continue;
      checks.push(`_Static_assert(sizeof(${kind} ${name}) == ${size}, "${name}");`);
      for (const member of members) {
        if (member.name === '' || member.bitSize > 0) continue;
        const place = `__builtin_offsetof(${kind} ${name}, ${member.name})`;
        checks.push(`_Static_assert(${place} == ${member.offset}, "${name}.${member.name}");`);
      }
    }
  }
  withFolder((folder) => {
    writeFileSync(path.join(folder, 'types.h'), text);
    writeFileSync(path.join(folder, 'checks.c'), `#include "types.h"\n${checks.join('\n')}\n`);
    // Linux 7.3 is compiled with -fms-extensions, and has members such as `struct ns_tree;`.
    const flags = ['-target', 'bpf', '-w', '-fms-extensions', '-ferror-limit=20', '-fsyntax-only'];
    execFileSync('clang', [...flags, 'checks.c'], { cwd: folder, encoding: 'utf8' });
  });
  return checks.length;
}

const newest = listedKernels().at(-1);
const kernels = [
  { name: 'this kernel', file: '/sys/kernel/btf/vmlinux' },
  { name: `Debian's ${newest?.version ?? ''}`, file: newest?.btf },
];

describe.each(kernels)('$name', ({ file }) => {
  if (file === undefined) {
    test.skip('skipped: it was not fetched; type: scripts/fetch-kernel trixie-backports', () => undefined);
    return;
  }
  const btf = Btf.fromFile(file);
  const text = btf.definition();

  test('it compiles, and each struct has its size and its members their offsets', () => {
    expect(compile(btf, text)).toBeGreaterThan(10_000);
  }, 60_000);

  test("it is libbpf's text, in its order, with types of one name numbered alike", () => {
    const ours = pieces(text);
    const theirs = pieces(loadAddon().btfDump(file, null));
    expect(theirs.length).toBeGreaterThan(10_000);
    const numbered = (all: readonly string[]): string[] => all.filter((piece) => /___\d+\b/.test(piece));
    expect(numbered(theirs).length).toBeGreaterThan(10);
    expect(numbered(ours)).toEqual(numbered(theirs));
    expect(ours.findIndex((piece, index) => piece !== theirs[index])).toBe(-1);
    expect(ours).toHaveLength(theirs.length);
  }, 60_000);

  test('no kind is unknown, and each type says what it is', () => {
    let said = 0;
    for (const type of btf.types()) {
      if (type.kind === 'unknown') throw new Error(String(type));
      said += type.toString().length;
    }
    expect(said).toBeGreaterThan(1_000_000);
  }, 60_000);
});
