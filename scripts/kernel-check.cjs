'use strict';
// Can this process use BPF here? Exit 0, or 1 with the reason on standard output: what is missing, and what to do.
const fs = require('node:fs');

function reason() {
  if (process.platform !== 'linux') return `BPF needs Linux, this is ${process.platform}`;
  if (!fs.existsSync('/sys/kernel/btf/vmlinux')) {
    return 'the kernel has no BTF (/sys/kernel/btf/vmlinux): it needs CONFIG_DEBUG_INFO_BTF=y';
  }
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const has = (bit) => ((effective >> BigInt(bit)) & 1n) === 1n;
  const [SYS_ADMIN, PERFMON, BPF] = [21, 38, 39];
  if (has(SYS_ADMIN) || (has(BPF) && has(PERFMON))) return undefined;
  return 'no privilege: run as root, or with CAP_BPF and CAP_PERFMON';
}

const problem = reason();
if (problem !== undefined) {
  console.log(problem);
  process.exitCode = 1;
}
