/** What others have loaded: an agent in C with libbpf, and bpftool, whose pins are opened. */
import { PRIVATE_MOUNTS, runChild } from '../../support/child';
import { compileBpfSource } from '../../support/compile';
import { buildWithLibbpf } from '../../support/with-libbpf';

const LIBRARY = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct sample { __u32 pid; __u64 at; };
__u64 seen;
int enabled = 1;
const volatile int step = 2;
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, struct sample); }
  the_latest_sample_of_all SEC(".maps");
SEC("raw_tp/sys_enter") int counts_system_calls(void *ctx)
{
  __u32 key = 0; struct sample *last = bpf_map_lookup_elem(&the_latest_sample_of_all, &key);
  if (!enabled || !last) return 0;
  last->pid = bpf_get_current_pid_tgid() >> 32;
  __sync_fetch_and_add(&seen, step);
  return 0;
}`;
const AGENT = `
__u64 own[100];
SEC("raw_tp/sys_exit") int of_the_agent(void *ctx) { own[7]++; return 0; }
char LICENSE[] SEC("license") = "GPL";`;
const END = 'char LICENSE[] SEC("license") = "GPL";';

const run = (script: string, wrapper: readonly string[] = []): unknown => {
  const args = {
    library: compileBpfSource(LIBRARY + END, 'seen_library'),
    agent: compileBpfSource(LIBRARY + AGENT, 'seen_agent'),
    loader: buildWithLibbpf('loader'),
  };
  const { stdout, stderr } = runChild(script, args, [], wrapper);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('a library’s module on the programs of an agent in C: it reads what they count and sets what they obey', () => {
  const told = run(`
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');
(async () => {
  const agent = spawn(args.loader, [args.agent], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: agent.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  const id = Number(await next());
  while (await next() !== 'ready');
  const poke = async () => { agent.stdin.write('x\\n'); await next(); };
  const loaded = subskel.LoadedObject.fromProgram(id);
  const library = subskel.openSubskeleton(loaded, subskel.describe(args.library));
  const { seen } = library.bss, { enabled } = library.data;
  const first = seen.value;
  await poke();
  const counted = seen.value > first;
  enabled.value = 0;
  await poke();
  const still = seen.value;
  await poke();
  const obeyed = seen.value === still;
  enabled.value = 1;
  await poke();
  const again = seen.value > still;
  const map = library.maps.the_latest_sample_of_all.get(0);
  agent.stdin.end();
  await new Promise((resolve) => agent.on('exit', resolve));
  const frozen = seen.value;
  console.log(JSON.stringify({
    counted, obeyed, again, step: library.rodata.step.value, pid: typeof map.pid,
    // The loader has ended: what is mapped stays, and nothing counts any more.
    after: seen.value === frozen && frozen > still, programs: [...loaded.programs.keys()].sort(),
  }));
  loaded.close();
})();`);
  expect(told).toEqual({
    counted: true,
    obeyed: true,
    again: true,
    step: 2,
    pid: 'number',
    after: true,
    programs: ['counts_system_calls', 'of_the_agent'],
  });
});

test('what bpftool has loaded and pinned: a folder of pins, attached from here', () => {
  const told = run(
    `
const { execFileSync } = require('node:child_process');
const { closeSync, mkdirSync, openSync } = require('node:fs');
execFileSync('mount', ['-t', 'bpf', 'bpf', '/sys/fs/bpf']);
const empty = '/sys/fs/bpf/empty', folder = '/sys/fs/bpf/agent';
mkdirSync(empty);
execFileSync('bpftool', ['prog', 'loadall', args.agent, folder, 'type', 'raw_tracepoint', 'pinmaps', folder]);
const codeOf = (act) => { try { act(); return 'none'; } catch (error) { return error.code; } };
using(subskel.LoadedObject.fromPins(folder));
function using(loaded) {
  const library = subskel.openSubskeleton(loaded, subskel.describe(args.library));
  const before = library.bss.seen.value;
  const link = library.progs.counts_system_calls.attachRawTracepoint('sys_enter');
  closeSync(openSync('/dev/null', 'r'));
  const after = library.bss.seen.value;
  loaded.close();
  console.log(JSON.stringify({
    before: String(before), counted: after > before, closed: link.closed,
    empty: codeOf(() => subskel.LoadedObject.fromPins(empty)),
  }));
}`,
    PRIVATE_MOUNTS,
  );
  expect(told).toEqual({ before: '0', counted: true, closed: true, empty: 'ERR_NOT_FOUND' });
});

test('a tracepoint, a perf event and a raw tracepoint with a cookie, of programs without their object', () => {
  const told = run(
    `
const { execFileSync } = require('node:child_process');
const { closeSync, openSync } = require('node:fs');
execFileSync('mount', ['-t', 'tracefs', 'tracefs', '/sys/kernel/tracing']);
const object = subskel.BpfObject.open(args.tracing);
object.load();
const value = (name) => object.section('.bss').variables.get(name).value;
const loaded = subskel.LoadedObject.fromProgram(object.program('on_tp').info().id);
const attempt = (name, attach) => {
  const before = value(name);
  const link = attach(loaded.program('on_' + name));
  closeSync(openSync('/dev/null', 'r'));
  const end = Date.now() + 300;
  while (value(name) === before && Date.now() < end);
  const counted = value(name) > before;
  link.close();
  const last = value(name);
  closeSync(openSync('/dev/null', 'r'));
  return [counted, value(name) === last];
};
const codeOf = (act) => { try { act(); return 'none'; } catch (error) { return error.code; } };
console.log(JSON.stringify({
  tp: attempt('tp', (program) => program.attachTracepoint('raw_syscalls', 'sys_enter')),
  perf: attempt('perf', (program) => {
    const event = subskel.PerfEvent.open({ event: 'cpu_clock', pid: 0, period: 100000 });
    try { return program.attachPerfEvent(event); } finally { event.close(); }
  }),
  raw: attempt('raw', (program) => program.attachRawTracepoint('sys_enter')),
  missing: [
    codeOf(() => loaded.program('on_tp').attachTracepoint('raw_syscalls', 'nothing')),
    codeOf(() => loaded.program('on_tp').attachTracepoint('..', 'nothing')),
    codeOf(() => loaded.program('on_raw').attachRawTracepoint('nothing')),
    codeOf(() => loaded.program('on_tp').attachUprobe('/bin/true', { function: 'main' })),
  ],
}));
object.close();`.replaceAll('args.tracing', JSON.stringify(compileBpfSource(TRACING, 'loaded_tracing'))),
    PRIVATE_MOUNTS,
  );
  expect(told).toEqual({
    tp: [true, true],
    perf: [true, true],
    raw: [true, true],
    missing: ['ERR_NOT_FOUND', 'ERR_INVALID_ARG', 'ENOENT', 'ERR_UNSUPPORTED'],
  });
});

const TRACING = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
__u64 tp, perf, raw;
SEC("tp/raw_syscalls/sys_enter") int on_tp(void *ctx) { tp++; return 0; }
SEC("perf_event") int on_perf(void *ctx) { perf++; return 0; }
SEC("raw_tp/sys_enter") int on_raw(void *ctx) { raw++; return 0; }
char LICENSE[] SEC("license") = "GPL";`;
