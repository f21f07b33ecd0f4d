/** `gen vmlinux`: the types of a BTF file as a C header. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runNative } from '../../link/run-native';
import { writeWhole } from '../../write-whole';
import { Failure, UsageError, type Run } from '../command';
import { systemProblem } from '../problems';

const KERNEL = '/sys/kernel/btf/vmlinux';

/** What bpftool puts around the types: CO-RE relocations for every access, unless somebody says no. */
const HEAD = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

`;
const TAIL = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`;

function checkReadable(file: string): void {
  try {
    const fd = fs.openSync(file, 'r');
    try {
      // A directory can be opened, and not read.
      fs.readSync(fd, new Uint8Array(1));
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    const hint =
      file === KERNEL ? ': this kernel gives no BTF (CONFIG_DEBUG_INFO_BTF); give a file with --btf' : '';
    throw new Failure([`${file}: ${systemProblem(error)}${hint}`]);
  }
}

export const run: Run = async (invocation) => {
  const { io, positionals } = invocation;
  if (positionals.length > 0)
    throw new UsageError(`unexpected '${positionals[0] ?? ''}': the file is given with --btf`);
  const file = path.resolve(io.cwd, invocation.value('btf') ?? KERNEL);
  const base = invocation.value('base');
  const inputs = base === undefined ? [file] : [file, path.resolve(io.cwd, base)];
  inputs.forEach(checkReadable);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'libbpf-subskel-btf-'));
  try {
    const types = path.join(work, 'types.h');
    await runNative('btf-dump', [types, ...inputs], `dumping ${file}`);
    const text = HEAD + fs.readFileSync(types, 'utf8') + TAIL;
    const out = invocation.value('out');
    if (out === undefined || out === '-') await io.out(text);
    else writeWhole(path.resolve(io.cwd, out), text);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return 0;
};
