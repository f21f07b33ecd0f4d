/**
 * What the compiler says: a C program of this machine fills values of the declarations with random bytes, and tells what
 * it reads at each place, and what the memory is after each store. It knows nothing of BTF, and nothing of this package.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PRELUDE, type Place, type ScalarSpec } from '../support/struct-arbitrary';
import type { Declaration } from './declaration';

/** The most bytes that a value may have with its flexible arrays. */
export const SLOT = 512;

export type Step = string | number;

export interface Leaf {
  readonly path: readonly Step[];
  readonly scalar: ScalarSpec;
  /** An element of an array of `char`: a byte. */
  readonly text: boolean;
  /** What is read there in the memory `raw`, `before` and `after`. */
  readonly raw: unknown;
  readonly before: unknown;
  readonly after: unknown;
  /** The memory `before` once this leaf, and all leaves ahead of it, have the values of `after`. */
  readonly stored: Uint8Array;
}

export interface Truth {
  readonly declaration: Declaration;
  /** sizeof */
  readonly size: number;
  /** Bytes with the flexible arrays. */
  readonly total: number;
  /** Random; bools may be more than 1 here, and floats not numbers. */
  readonly raw: Uint8Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly leaves: readonly Leaf[];
  readonly arrays: readonly {
    readonly path: readonly Step[];
    readonly length: number;
    readonly open: boolean;
  }[];
  /** `before` with all leaves of `after`; zeros with all of `before`; zeros with all of `after`. */
  readonly whole: Uint8Array;
  readonly encoded: Uint8Array;
  readonly encodedAfter: Uint8Array;
}

const PROGRAM = `
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
typedef unsigned char byte;
#define SLOT ${String(SLOT)}
static _Alignas(4096) byte R[SLOT], P[SLOT], Q[SLOT], M[SLOT], Y[SLOT], Z[SLOT];
static unsigned long long state;
static byte random_byte(void) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  unsigned high = state >> 40;
  return high % 8 == 0 ? 0 : high % 8 == 1 ? 0xff : high >> 8;
}
static void put(const void *from, size_t size) { fwrite(from, 1, size, stdout); }
static void put32(unsigned value) { put(&value, 4); }
static void begin(size_t size, size_t total) {
  for (size_t i = 0; i < total; i++) { R[i] = P[i] = random_byte(); Q[i] = random_byte(); }
  memset(Y, 0, SLOT); memset(Z, 0, SLOT);
}
static void told(size_t size, size_t total) {
  put32(size); put32(total); put(R, total); put(P, total); put(Q, total); memcpy(M, P, SLOT);
}
#define STORED put(M, total);
/* From any bytes to those that C allows: a bool is 0 or 1, a float a number. */
#define MAKE_INT(E)
#define MAKE_POINTER(E)
#define MAKE_BIT(E)
#define MAKE_BOOL(E) { *(byte *)&(*p)E &= 1; *(byte *)&(*q)E &= 1; }
#define MAKE_FLOAT(E) { make_number(&(*p)E, sizeof((*p)E)); make_number(&(*q)E, sizeof((*q)E)); }
static void make_number(void *at, size_t size) {
  byte *b = at;
  if (size == 4 && (b[3] & 0x7f) == 0x7f && (b[2] & 0x80)) b[3] &= ~1;
  if (size == 8 && (b[7] & 0x7f) == 0x7f && (b[6] & 0xf0) == 0xf0) b[7] &= ~1;
}
#define OUT(X, E) { __int128 value = (*X)E; put(&value, 16); }
#define TELL_INT(E) { OUT(r, E) OUT(p, E) OUT(q, E) (*m)E = (*q)E; (*y)E = (*p)E; (*z)E = (*q)E; STORED }
#define TELL_BIT(E) TELL_INT(E)
#define OUT_POINTER(X, E) { __int128 value = (unsigned long)(*X)E; put(&value, 16); }
#define TELL_POINTER(E) { OUT_POINTER(r, E) OUT_POINTER(p, E) OUT_POINTER(q, E) (*m)E = (*q)E; (*y)E = (*p)E; (*z)E = (*q)E; STORED }
#define TRUE(X, E) (*(byte *)&(*X)E != 0)
#define OUT_BOOL(X, E) { __int128 value = TRUE(X, E); put(&value, 16); }
#define TELL_BOOL(E) { OUT_BOOL(r, E) OUT_BOOL(p, E) OUT_BOOL(q, E) (*m)E = TRUE(q, E); (*y)E = TRUE(p, E); (*z)E = TRUE(q, E); STORED }
#define OUT_FLOAT(X, E) { byte value[16] = { 0 }; memcpy(value, &(*X)E, sizeof((*X)E)); put(value, 16); }
#define TELL_FLOAT(E) { OUT_FLOAT(r, E) OUT_FLOAT(p, E) OUT_FLOAT(q, E) (*m)E = (*q)E; (*y)E = (*p)E; (*z)E = (*q)E; STORED }
#define LENGTH(E) (sizeof((*p)E[0]) == 0 ? 0 : (total - ((byte *)&(*p)E - P)) / (sizeof((*p)E[0]) ?: 1))
`;

/** Statements for all leaves of a place. */
function statements(place: Place, expression: string, verb: 'MAKE' | 'TELL', depth = 0): string {
  switch (place.kind) {
    case 'leaf': {
      const kind = place.scalar.kind === 'bool' && place.width > 0 ? 'BIT' : place.scalar.kind.toUpperCase();
      return `${verb}_${kind}(${expression})`;
    }
    case 'struct':
      return place.members
        .map(([name, member]) => statements(member, `${expression}.${name}`, verb, depth))
        .join('\n');
    case 'array': {
      const i = `i${String(depth)}`;
      const length = place.open ? `LENGTH(${expression})` : String(place.length);
      const tell = verb === 'TELL' ? `put32(n${String(depth)});` : '';
      const inner = statements(place.element, `${expression}[${i}]`, verb, depth + 1);
      return `{ unsigned n${String(depth)} = ${length}; ${tell} for (unsigned ${i} = 0; ${i} < n${String(depth)}; ${i}++) { ${inner} } }`;
    }
  }
}

function programOf(declarations: readonly Declaration[]): string {
  const functions = declarations.map(
    ({ type, index, text, place, extra }) => `${text}
static void tell${String(index)}(void) {
  const size_t size = sizeof(${type}), total = size + ${String(extra)};
  ${type} *r = (void *)R, *p = (void *)P, *q = (void *)Q, *m = (void *)M, *y = (void *)Y, *z = (void *)Z;
  if (total > SLOT || size == 0) { put32(0); return; }
  begin(size, total);
  ${statements(place, '', 'MAKE')}
  told(size, total);
  ${statements(place, '', 'TELL')}
  put(Y, total); put(Z, total);
}`,
  );
  const calls = declarations.map(({ index }) => `tell${String(index)}();`);
  return `${PROGRAM}${PRELUDE}${functions.join('\n')}
int main(int argc, char **argv) { state = strtoull(argv[1], 0, 10); ${calls.join(' ')} return 0; }`;
}

class Answers {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get end(): boolean {
    return this.#at === this.#bytes.length;
  }

  word(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  bytes(size: number): Uint8Array {
    this.#at += size;
    return Uint8Array.from(this.#bytes.subarray(this.#at - size, this.#at));
  }

  /** What JavaScript has for it, by the C type alone. */
  value({ c, kind, bits }: ScalarSpec, text: boolean): unknown {
    const view = this.#view;
    const at = this.#at;
    this.#at += 16;
    const low = view.getBigUint64(at, true);
    if (kind === 'bool') return low !== 0n;
    if (kind === 'pointer') return low;
    if (c === 'float') return view.getFloat32(at, true);
    if (c === 'double') return view.getFloat64(at, true);
    const whole = (view.getBigUint64(at + 8, true) << 64n) | low;
    if (text) return Number(low & 0xffn);
    if (c === 'unsigned __int128') return whole;
    const value = BigInt.asIntN(128, whole);
    return bits > 0 && bits <= 32 ? Number(value) : value;
  }
}

function truthOf(declaration: Declaration, answers: Answers): Truth | undefined {
  const size = answers.word();
  if (size === 0) return undefined;
  const total = answers.word();
  const raw = answers.bytes(total);
  const before = answers.bytes(total);
  const after = answers.bytes(total);
  const leaves: Leaf[] = [];
  const arrays: { path: readonly Step[]; length: number; open: boolean }[] = [];
  const visit = (place: Place, path: readonly Step[], text: boolean): void => {
    switch (place.kind) {
      case 'leaf': {
        const { scalar } = place;
        const value = (): unknown => answers.value(scalar, text);
        leaves.push({
          path,
          scalar,
          text,
          raw: value(),
          before: value(),
          after: value(),
          stored: answers.bytes(total),
        });
        break;
      }
      case 'struct':
        for (const [name, member] of place.members) visit(member, [...path, name], false);
        break;
      case 'array': {
        const length = answers.word();
        arrays.push({ path, length, open: place.open });
        const chars = place.element.kind === 'leaf' && place.element.scalar.c === 'char';
        for (let i = 0; i < length; i++) visit(place.element, [...path, i], chars);
      }
    }
  };
  visit(declaration.place, [], false);
  const encoded = answers.bytes(total);
  const encodedAfter = answers.bytes(total);
  const whole = leaves.at(-1)?.stored ?? before;
  return { declaration, size, total, raw, before, after, leaves, arrays, whole, encoded, encodedAfter };
}

/** Left out are those of no size, and of too large ones. */
export function askCompiler(declarations: readonly Declaration[], clang: string, seed: number): Truth[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'declarations-'));
  try {
    const source = path.join(folder, 'oracle.c');
    const program = path.join(folder, 'oracle');
    writeFileSync(source, programOf(declarations));
    execFileSync(clang, ['-w', '-O0', '-fsigned-char', '-fno-strict-aliasing', source, '-o', program], {
      stdio: 'pipe',
    });
    const answers = new Answers(execFileSync(program, [String(seed)], { maxBuffer: 1 << 30 }));
    const truths = declarations.flatMap((declaration) => truthOf(declaration, answers) ?? []);
    if (!answers.end) throw new Error('the program has told more than was understood');
    return truths;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
