/** What the tests of the library packages share: an agent that links them, calls into it, and load on all processors. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { BpfObject } from 'libbpf-subskel';
import { compileBpfSource, ROOT } from './compile';
import { linkBpf } from './link';

const folder = (name: string): string => path.join(ROOT, 'packages', name, 'bpf');

const PROLOGUE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct call { __u32 op; __u32 index; __u64 key; __u64 value; __s64 result; };
char LICENSE[] SEC("license") = "GPL";
`;

/** C that uses library packages, compiled as for an old kernel, and linked with them: the path of the object. */
export function linkPackages(name: string, source: string, packages: readonly string[]): Promise<string> {
  const flags = ['-mcpu=v2', ...packages.flatMap((library) => ['-I', folder(library)])];
  const includes = packages.map((library) => `#include <${library.replaceAll('-', '_')}.h>\n`).join('');
  const agent = compileBpfSource(PROLOGUE + includes + source, name, flags);
  const libraries = packages.map((library) =>
    path.join(folder(library), `${library.replaceAll('-', '_')}.bpf.o`),
  );
  return linkBpf(agent.replace('.bpf.o', '.linked.bpf.o'), [agent, ...libraries]);
}

/** One call of the agent's program `call`: its `struct call` goes in, and `result` comes out. */
export function call(object: BpfObject, op: number, index: number, key: bigint, value = 0n): bigint {
  const context = { op, index, key, value, result: 0n };
  return object.program('call').testRun({ context, contextType: 'struct call' }).context.result;
}

/** Processes that make `calls` system calls each, twice as many as there are processors; resolves when all have ended. */
export async function systemCalls(calls: number): Promise<void> {
  const args = ['if=/dev/zero', 'of=/dev/null', 'bs=1', `count=${String(calls / 2)}`, 'status=none'];
  const ended = Array.from({ length: 2 * availableParallelism() }, () => {
    const child = spawn('dd', args, { stdio: 'ignore' });
    return new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`dd ended with ${String(code)}`)),
      );
    });
  });
  await Promise.all(ended);
}

/** Does `step` again and again, a turn of the event loop each until `work` is done. */
export async function during(work: Promise<void>, step: () => void | Promise<void>): Promise<void> {
  const progress = { running: true };
  const done = work.finally(() => (progress.running = false));
  while (progress.running) {
    await step();
    await new Promise(setImmediate);
  }
  await done;
}

/** Until programs that ran when their link was closed have ended. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
