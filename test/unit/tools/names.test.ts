/** Names of numbers, held against the headers of this machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ArgumentError } from '../../../lib';
import { errnoName, signalName, syscallName, syscallNumber } from '../../../lib/tools';

/** What the compiler makes of `#include <file>`: [name, number] of each system call. */
function headerCalls(file: string, ...defines: string[]): [string, number][] {
  const macros = execFileSync('cpp', ['-dM', '-', ...defines.map((name) => `-D${name}`)], {
    input: `#include <${file}>\n`,
    encoding: 'utf8',
  });
  const values = new Map(
    Array.from(macros.matchAll(/^#define (\S+) (.+)$/gm), ([, name, value]) => [name!, value!]),
  );
  const numberOf = (text: string): number => {
    const sum = /^\((\w+) ?\+ ?(\d+)\)$/.exec(text);
    if (sum !== null) return numberOf(values.get(sum[1]!) ?? '') + Number(sum[2]);
    return values.has(text) ? numberOf(values.get(text)!) : Number(text);
  };
  return [...values.keys()]
    .filter((name) => /^__NR_/.test(name) && !/^__NR_(syscalls|arch_specific_syscall)$/.test(name))
    .map((name): [string, number] => [name.slice(5), numberOf(values.get(name)!)])
    .filter(([, number]) => Number.isInteger(number));
}

const X64_HEADER = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';

test('system calls of x64 are those of asm/unistd_64.h', () => {
  const calls = Array.from(
    readFileSync(X64_HEADER, 'utf8').matchAll(/^#define __NR_(\w+) (\d+)$/gm),
    ([, name, number]): [string, number] => [name!, Number(number)],
  );
  expect(calls.length).toBeGreaterThan(350);
  for (const [name, number] of calls) {
    expect([syscallName(number, 'x64'), syscallNumber(name, 'x64')]).toEqual([name, number]);
  }
});

test('system calls of arm64 are those of asm-generic/unistd.h', () => {
  const wanted = ['__BITS_PER_LONG=64', '__ARCH_WANT_RENAMEAT', '__ARCH_WANT_NEW_STAT'];
  const calls = headerCalls(
    'asm-generic/unistd.h',
    ...wanted,
    '__ARCH_WANT_SET_GET_RLIMIT',
    '__ARCH_WANT_SYS_CLONE3',
    '__ARCH_WANT_MEMFD_SECRET',
  );
  expect(calls.length).toBeGreaterThan(280);
  for (const [name, number] of calls) {
    expect([syscallName(number, 'arm64'), syscallNumber(name, 'arm64')]).toEqual([name, number]);
  }
});

test('numbers and names that nobody has', () => {
  expect(syscallName(400, 'x64')).toBe('syscall_400');
  expect(syscallName(-1, 'x64')).toBe('syscall_-1');
  expect(syscallNumber('open', 'arm64')).toBeUndefined();
  expect(() => syscallName(0, 'mips' as 'x64')).toThrow(ArgumentError);
  expect(() => syscallName(0, 'mips' as 'x64')).toThrow("arch must be one of x64, arm64, not 'mips'");
});

test('errors and signals', () => {
  expect([2, -2, 11, 524, 3999].map(errnoName)).toEqual([
    'ENOENT',
    'ENOENT',
    'EAGAIN',
    'ENOTSUPP',
    'ERRNO_3999',
  ]);
  expect([6, 9, 15, 29, 34, 36, 64, 65, 0].map(signalName)).toEqual([
    'SIGABRT',
    'SIGKILL',
    'SIGTERM',
    'SIGIO',
    'SIGRTMIN',
    'SIGRTMIN+2',
    'SIGRTMIN+30',
    'SIG_65',
    'SIG_0',
  ]);
});
