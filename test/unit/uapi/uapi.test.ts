/** The kernel's vocabulary: each row against linux/bpf.h of the libbpf that is built, in both directions. */
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import * as attachFlags from '../../../lib/uapi/attach-flags';
import { attachTypes } from '../../../lib/uapi/attach-types';
import { ERRNO, LIBBPF_ERRNO, LINUX_ERRNO } from '../../../lib/uapi/errno';
import type { KindTable } from '../../../lib/uapi/kind-table';
import { linkTypes } from '../../../lib/uapi/link-types';
import * as mapFlags from '../../../lib/uapi/map-flags';
import { mapTypes } from '../../../lib/uapi/map-types';
import { programTypes } from '../../../lib/uapi/program-types';
import * as testRun from '../../../lib/runtime/program/test-run';

const LIBBPF = path.join(__dirname, '../../../deps/libbpf/src');
/** A header of the sources, without its comments. */
const header = (file: string): string =>
  readFileSync(path.join(LIBBPF, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
const there = existsSync(LIBBPF);
const tested = there ? test : test.skip;
const named = (name: string): string =>
  there ? name : `${name} (skipped: libbpf's sources are not fetched)`;

/** The enumerators of one of a header's enums, with their values: 'BPF_MAP_TYPE_HASH' → 1. */
function enumerators(text: string, name: string): Map<string, number> {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(text)?.[1];
  if (body === undefined) throw new Error(`no enum ${name}`);
  const values = new Map<string, number>();
  let next = 0;
  for (const entry of body.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, enumerator = '', given] = /^(\w+)(?:\s*=\s*(.+))?$/s.exec(entry) ?? [];
    if (given !== undefined) next = values.get(given) ?? Number(given);
    values.set(enumerator, next++);
  }
  return values;
}

const TABLES: [string, string, KindTable<string>][] = [
  ['bpf_map_type', 'BPF_MAP_TYPE_', mapTypes],
  ['bpf_prog_type', 'BPF_PROG_TYPE_', programTypes],
  ['bpf_attach_type', 'BPF_', attachTypes],
  ['bpf_link_type', 'BPF_LINK_TYPE_', linkTypes],
];

describe.each(TABLES)('enum %s', (name, prefix, table) => {
  tested(named('has these rows, by these names and numbers, and no others'), () => {
    const known = [...enumerators(header('include/uapi/linux/bpf.h'), name)]
      // The end of the enum, and what was renamed: both have a number that another name has, or none.
      .filter(([enumerator]) => !/^__MAX|_DEPRECATED$|^MAX_|^__/.test(enumerator))
      .map(([enumerator, value]) => [enumerator.slice(prefix.length).toLowerCase(), value] as const);
    const ours = Object.entries(table.rows).map(([row, { number }]) => [row, number] as const);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(known));
  });

  test('numbers, newer ones too', () => {
    for (const [number, row] of table.names.entries()) {
      expect(table.nameOf(number)).toBe(row);
      expect(table.numberOf(row)).toBe(number);
      expect(table.row(row)?.number).toBe(number);
    }
    expect([table.nameOf(999), table.numberOf('type_999'), table.numberOf('nonsense')]).toEqual([
      'type_999',
      999,
      undefined,
    ]);
    expect(table.row('constructor')).toBeUndefined();
  });

  test('each says since which kernel it is', () => {
    for (const [row, { needs }] of Object.entries(table.rows)) {
      if (row === 'unspec') expect(needs).toBeUndefined();
      else expect(needs?.kernel).toMatch(/^[3-7]\.\d{1,2}$/);
      for (const option of needs?.config ?? []) expect(option).toMatch(/^CONFIG_[A-Z0-9_]+$/);
    }
  });
});

tested(named('flags have the numbers of the headers'), () => {
  const headers = ['include/uapi/linux/bpf.h', 'include/uapi/linux/if_link.h'].map(header).join('\n');
  const flags = Object.entries({ ...mapFlags, ...attachFlags, ...testRun }).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  expect(flags.length).toBeGreaterThan(25);
  for (const [name, value] of flags) {
    // As a macro, or as an enumerator.
    const found = new RegExp(`\\b${name}(?:\\s*=)?\\s+\\(?\\s*(\\d+)U?(?:\\s*<<\\s*(\\d+))?`).exec(headers);
    expect([name, Number(found?.[1]) << Number(found?.[2] ?? 0)]).toEqual([name, value]);
  }
});

test("error numbers are the system's", () => {
  const system: Readonly<Record<string, number>> = constants.errno;
  const ours = [...Object.entries(ERRNO), ...LINUX_ERRNO.map(({ name, number }) => [name, number] as const)];
  for (const [name, number] of ours) if (name in system) expect([name, number]).toEqual([name, system[name]]);
  expect(new Set(LINUX_ERRNO.map(({ number }) => number)).size).toBe(LINUX_ERRNO.length);
});

tested(named("error numbers are libbpf's"), () => {
  const values = [...enumerators(header('src/libbpf.h'), 'libbpf_errno')];
  expect(LIBBPF_ERRNO.map(({ name, number }) => [name, number])).toEqual(
    values.filter(([name]) => name.startsWith('LIBBPF_')),
  );
});
