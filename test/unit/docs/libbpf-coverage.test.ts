/** docs/libbpf-coverage.md: all of libbpf's functions are there, and what stands for them exists. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as api from '../../../lib';
import { BtfBuilder } from '../../support/btf-builder';
import { ROOT } from '../../support/compile';

interface Row {
  readonly symbols: string;
  /** Names of ours. */
  readonly as?: string;
  /** Why there are none. */
  readonly not?: string;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- what the command that writes the page reads, too
const table = require('../../../scripts/libbpf-symbols.cjs') as {
  VERSION: string;
  groups: { title: string; rows: Row[] }[];
};
const rows = table.groups.flatMap(({ rows: ofGroup }) => ofGroup);
const listed = rows.flatMap(({ symbols }) => symbols.split(' '));

const MAP = path.join(ROOT, 'deps/libbpf/src/src/libbpf.map');

test('no function is listed twice, and each has a name of ours or a reason', () => {
  expect(listed.filter((symbol, index) => listed.indexOf(symbol) !== index)).toEqual([]);
  expect(rows.filter(({ as, not }) => (as === undefined) === (not === undefined))).toEqual([]);
});

if (existsSync(MAP)) {
  const text = readFileSync(MAP, 'utf8');
  const exported = [...text.matchAll(/^\s+([a-z]\w+);/gm)].map(([, name = '']) => name);
  const version = /^LIBBPF_(\S+) \{/gm;
  const [, newest = ''] = [...text.matchAll(version)].at(-1) ?? [];

  test(`each of the ${String(exported.length)} functions of libbpf ${newest} is listed`, () => {
    expect(exported.length).toBeGreaterThan(300);
    const known = new Set(listed);
    // New ones go into scripts/libbpf-symbols.cjs; then type: npm run coverage:libbpf
    expect(exported.filter((symbol) => !known.has(symbol))).toEqual([]);
  });

  // An older libbpf, as npm run test:oldest-libbpf builds it, has fewer.
  const isOlder = newest !== table.VERSION;
  (isOlder ? test.skip : test)(
    isOlder
      ? `skipped: this is libbpf ${newest}: nothing that it lacks is listed`
      : 'nothing that libbpf lacks is listed',
    () => {
      const there = new Set(exported);
      expect(listed.filter((symbol) => !there.has(symbol))).toEqual([]);
    },
  );
} else {
  test.skip("skipped: libbpf's sources are not fetched: each function is listed", () => undefined);
}

describe('what stands for them', () => {
  const declarations = readFileSync(path.join(ROOT, 'docs/api.txt'), 'utf8');
  const btf = new BtfBuilder();
  btf.struct('s', 0, []);
  /** Where members are looked for: what is exported, and BTF types, which are values only. */
  const owners: Readonly<Record<string, unknown>> = {
    ...api,
    BtfType: { prototype: api.Btf.fromBytes(btf.build()).type(1) },
  };

  /** A property that each object has of its own is in no prototype, but among the declarations. */
  function isDeclared(owner: string, member: string): boolean {
    const body = new RegExp(`^(?:class|interface) ${owner}\\b[^\\n]*\\{\\n([^]*?)^\\}`, 'm').exec(
      declarations,
    )?.[1];
    return new RegExp(`^  readonly ${member}\\b`, 'm').test(body ?? '');
  }

  function exists(name: string): boolean {
    const [owner = '', member] = name.split('.');
    const value = owners[owner] as { prototype?: object } | undefined;
    if (value === undefined) return false;
    if (member === undefined) return typeof value === 'function';
    return (
      member in value ||
      (value.prototype !== undefined && member in value.prototype) ||
      isDeclared(owner, member)
    );
  }

  const names = [...new Set(rows.flatMap(({ as }) => as?.split(' ') ?? []))].sort();

  test('is exported', () => {
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !exists(name))).toEqual([]);
  });

  test('and what does not exist would be found', () => {
    expect(['BpfMap.getElement', 'kernel.version', 'openObject', 'Map.get'].filter(exists)).toEqual([]);
  });
});

test('the page is current; if not: npm run coverage:libbpf', () => {
  const script = path.join(ROOT, 'scripts/libbpf-coverage.cjs');
  const write = `require(${JSON.stringify(script)}).formattedCoverage().then((text) => process.stdout.write(text))`;
  const text = execFileSync(process.execPath, ['-e', write], { encoding: 'utf8' });
  expect(readFileSync(path.join(ROOT, 'docs/libbpf-coverage.md'), 'utf8')).toBe(text);
}, 60_000);
