/** `gen vmlinux`: the types and kfuncs of a BTF file as a C header. */
import fs from 'node:fs';
import path from 'node:path';
import { headerOf } from '../../btf/print/print-definition';
import type { RawBtf } from '../../btf/records/record-table';
import { readBtfFile } from '../../btf/records/read-file';
import { writeWhole } from '../../util/write-whole';
import { Failure, UsageError, type Run } from '../command/command';
import { isSystemError, problemsWith, systemProblem } from '../command/problems';

const KERNEL = '/sys/kernel/btf/vmlinux';

/** What bpftool puts around the types: CO-RE relocations for every access, unless somebody says no. */
const HEAD = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

#ifndef BPF_NO_KFUNC_PROTOTYPES
#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

#ifndef __bpf_fastcall
#if __has_attribute(bpf_fastcall)
#define __bpf_fastcall __attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif
#endif
#endif

`;
const KFUNCS = `
/* BPF kfuncs */
#ifndef BPF_NO_KFUNC_PROTOTYPES
`;
const TAIL = `#endif

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`;

export const run: Run = async (invocation) => {
  const { io, positionals } = invocation;
  if (positionals.length > 0)
    throw new UsageError(`unexpected '${positionals[0] ?? ''}': the file is given with --btf`);
  const read = (name: string, base: RawBtf | undefined): RawBtf => {
    const file = path.resolve(io.cwd, name);
    try {
      return readBtfFile(file, base);
    } catch (error) {
      if (!isSystemError(error)) throw new Failure(problemsWith(file, error, io.env));
      const hint =
        file === KERNEL ? ': this kernel gives no BTF (CONFIG_DEBUG_INFO_BTF); give a file with --btf' : '';
      throw new Failure([`${file}: ${systemProblem(error)}${hint}`]);
    }
  };
  const base = invocation.value('base');
  const btf = read(invocation.value('btf') ?? KERNEL, base === undefined ? undefined : read(base, undefined));
  const { types, kfuncs } = headerOf(btf);
  const text = `${HEAD}${types}\n${KFUNCS}${kfuncs}${TAIL}`;
  const out = invocation.value('out');
  if (out === undefined || out === '-') {
    await io.out(text);
    return 0;
  }
  const file = path.resolve(io.cwd, out);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeWhole(file, text);
  return 0;
};
