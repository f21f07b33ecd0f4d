/** The complete project of docs/generator.md: its scripts run, its program compiles. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseElf } from '../../../lib/elf/elf';
import { staleOffsets } from '../../../lib/linker/offsets';
import { cliScript } from '../../support/built-package';
import { ROOT } from '../../support/compile';
import { withFolder } from '../../support/run-cli';
import { typeErrors } from '../../support/type-check';

const DOCS = readFileSync(path.join(ROOT, 'docs/generator.md'), 'utf8');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(DOCS)?.[1] ?? '';

const HEADER = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n';
const SOURCES = {
  'request_stats.bpf.c': `${HEADER}#include "rate.h"
const volatile int sample_rate = RATE; __u64 requests;
int count(void) { return __sync_fetch_and_add(&requests, sample_rate); }`,
  'agent.bpf.c': `${HEADER}extern int count(void);
SEC("raw_tp/sys_enter") int on_enter(void *ctx) { return count(); }
char LICENSE[] SEC("license") = "GPL";`,
  'rate.h': '#define RATE 1\n',
};

test('npm run bpf, npm run bpf:lib, and the program', () => {
  withFolder((folder) => {
    const { scripts } = JSON.parse(block('json')) as { scripts: Record<string, string> };
    mkdirSync(path.join(folder, 'src/bpf'), { recursive: true });
    for (const [file, text] of Object.entries(SOURCES))
      writeFileSync(path.join(folder, 'src/bpf', file), text);
    const env = {
      ...process.env,
      LIBBPF_SUBSKEL_ADDON:
        process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node'),
    };
    for (const name of ['bpf', 'bpf:lib']) {
      const command = (scripts[name] ?? '').replace(
        /^libbpf-subskel /,
        `"${process.execPath}" "${cliScript()}" `,
      );
      execFileSync('sh', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    }
    const generated = (file: string): string => path.join(folder, 'src/generated', file);
    expect(staleOffsets(parseElf(readFileSync(generated('agent.bpf.o')), 'agent.bpf.o'))).toEqual([]);
    const modules = ['agent.skel.ts', 'request_stats.subskel.ts'].map((file): [string, string] => [
      file,
      readFileSync(generated(file), 'utf8'),
    ]);
    const program = block('ts').replaceAll('./generated/', './');
    expect(program).toContain("from './agent.skel'");
    expect(typeErrors(new Map([['program.ts', program], ...modules]))).toEqual([]);
  });
}, 60_000);
