/** The commands that ask the kernel: `inspect prog|map|link|btf`, and `run`. */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import path from 'node:path';
import { BpfObject } from '../../../lib';
import { compileBpf, compileBpfSource, ROOT } from '../../support/compile';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct event { __u32 pid; __u64 number; char note[8]; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, struct event); } seen SEC(".maps");
const volatile __u32 target_pid;
__u64 number = 1ULL << 40;
_Bool quiet = 0;
char note[8];
struct event first;
static int tell(void *ctx)
{
	struct event *event;

	if (quiet || (target_pid && bpf_get_current_pid_tgid() >> 32 != target_pid))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->number = number++ + first.pid;
	__builtin_memcpy(event->note, note, sizeof(note));
	bpf_ringbuf_submit(event, 0);
	return 0;
}
SEC("raw_tp/sys_enter") int on_enter(void *ctx) { return tell(ctx); }
SEC("raw_tp/sys_exit") int on_exit(void *ctx) { return tell(ctx); }
SEC("syscall") int by_hand(void *ctx) { return bpf_map_lookup_elem(&seen, &(__u32){ 1 }) != 0; }
char LICENSE[] SEC("license") = "GPL";
`;

const CLI = path.join(ROOT, 'dist/cli/main.js');
const file = (): string => compileBpfSource(SOURCE, 'cli_kernel');

function run(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 256 << 20,
  });
}
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('inspect', () => {
  let object: BpfObject;
  beforeAll(() => {
    object = BpfObject.open(file());
    object.load();
    object.program('on_enter').attach();
  });
  afterAll(() => object.close());

  test('prog: all of them, one, one as JSON', () => {
    const { id, tag } = object.program('by_hand').info();
    const all = run('inspect', 'prog');
    expect(all).toMatchObject({ status: 0, stderr: '' });
    const mapId = object.map('seen').info().id;
    expect(all.stdout).toMatch(
      new RegExp(`^${String(id)}  syscall  by_hand  \\d+ instructions, maps ${String(mapId)}\\b`, 'm'),
    );
    const one = run('inspect', 'prog', String(id));
    expect(one).toMatchObject({ status: 0, stderr: '' });
    expect(one.stdout).toMatch(new RegExp(`^tag +${tag}$`, 'm'));
    expect(one.stdout).toMatch(/^\d+ {2}\S+cli_kernel\S*\.bpf\.c:\d+ {2}SEC\("syscall"\) int by_hand/m);
    const [json] = JSON.parse(run('inspect', 'prog', String(id), '--json').stdout) as [
      { id: number; source: string[] },
    ];
    expect(json.id).toBe(id);
    expect(json.source.length).toBeGreaterThan(0);
  });

  test('map', () => {
    const { id } = object.map('seen').info();
    expect(run('inspect', 'map').stdout).toMatch(
      new RegExp(`^${String(id)}  hash  seen  4 -> 24 bytes, 8 entries$`, 'm'),
    );
    const one = run('inspect', 'map', String(id)).stdout;
    expect(one).toMatch(/^valueType +struct event$/m);
    expect(one).toMatch(/^maxEntries +8$/m);
    const both = JSON.parse(run('inspect', 'map', String(id), String(id), '--json').stdout) as {
      id: number;
    }[];
    expect(both.map((each) => each.id)).toEqual([id, id]);
  });

  test('link', () => {
    const { id, programId } = object.links[0]!.info();
    expect(run('inspect', 'link').stdout).toMatch(
      new RegExp(`^${String(id)}  raw_tracepoint  program ${String(programId)}.*name sys_enter`, 'm'),
    );
    expect(run('inspect', 'link', String(id)).stdout).toMatch(/^type +raw_tracepoint$/m);
  });

  test('btf', () => {
    const { btfId } = object.map('seen').info();
    const all = run('inspect', 'btf').stdout;
    expect(all).toMatch(/^\d+ {2}vmlinux {2}\d+ bytes$/m);
    expect(all).toMatch(new RegExp(`^${String(btfId)}  - {2}\\d+ bytes$`, 'm'));
    expect(run('inspect', 'btf', String(btfId)).stdout).toMatch(/struct event \{\n\t__u32 pid;/);
  });

  test.each<[string[], number, RegExp]>([
    [['prog', 'x'], 2, /'x' is no id/],
    [['map', '99999999999'], 2, /is no id/],
    [['map', '4294967295'], 1, /ENOENT/],
    [['link', '--types'], 2, /--types is for files/],
    [['./prog'], 1, /prog: .*no such file/i],
  ])('%j', (args, status, message) => {
    const answer = run('inspect', ...args);
    expect(answer.status).toBe(status);
    expect(answer.stderr).toMatch(message);
  });
});

describe('run', () => {
  const own = ['--set', `target_pid=${String(process.pid)}`];

  test('records as lines of JSON, typed; variables are set before load', () => {
    const { status, stdout, stderr } = run(
      'run',
      file(),
      '--records',
      'events=struct event',
      '--count',
      '3',
      '--set',
      'note=hello',
      '--set',
      'number=1099511627776',
      '--set',
      'quiet=false',
      '--set',
      'first={"pid":5}',
      '--only',
      'on_enter',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'attached on_enter; reading events\n' });
    const [record] = lines(stdout);
    expect(lines(stdout)).toHaveLength(3);
    expect(record).toMatchObject({ map: 'events', record: { note: 'hello' } });
    expect(BigInt((record as { record: { number: string } }).record.number)).toBeGreaterThanOrEqual(
      (1n << 40n) + 5n,
    );
  });

  test('bytes in hex without a type; an end by time', () => {
    const started = Date.now();
    const { status, stdout } = run('run', file(), '--duration', '0.3');
    expect(status).toBe(0);
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(lines(stdout)[0]).toMatchObject({
      map: 'events',
      record: expect.stringMatching(/^[0-9a-f]{48}$/),
    });
  });

  test('Ctrl-C ends it, and nothing stays', async () => {
    const child = spawn(process.execPath, [CLI, 'run', file(), ...own, '--set', 'quiet=true'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    const ended = new Promise((done) => child.once('close', done));
    await new Promise<void>((done) => {
      child.stderr.on('data', (text: Buffer) => {
        stderr += text.toString();
        if (stderr.includes('\n')) done();
      });
    });
    expect(stderr).toBe('attached on_enter, on_exit; reading events\n');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test.each<[string[], number, RegExp]>([
    [[], 2, /which FILE/],
    [['a.o', 'b.o'], 2, /unexpected 'b\.o'/],
    [['gone.o'], 1, /gone\.o/],
    [[file(), '--set', 'x'], 2, /--set needs NAME=VALUE/],
    [[file(), '--set', 'targetpid=1'], 1, /no variable 'targetpid'.*target_pid/],
    [[file(), '--set', 'target_pid=-1'], 1, /--set target_pid=-1: .*does not fit/],
    [[file(), '--set', 'number=many'], 1, /--set number=many/],
    [[file(), '--set', 'quiet=maybe'], 1, /--set quiet=maybe/],
    [[file(), '--records', 'event=struct event'], 1, /no ring buffer or perf event array 'event'.*events/],
    [[file(), '--records', 'events=struct evnt'], 1, /struct evnt/],
    [[file(), '--only', 'on_entr'], 1, /no program 'on_entr'.*on_enter/],
    [[file(), '--only', 'by_hand'], 1, /none of its programs says where/],
    [[file(), '--count', '0'], 2, /--count needs a number above 0/],
    [[file(), '--duration', 'long'], 2, /--duration needs a number/],
  ])('%j', (args, status, message) => {
    const answer = run('run', ...args);
    expect({ status: answer.status, stdout: answer.stdout }).toEqual({ status, stdout: '' });
    expect(answer.stderr).toMatch(message);
  });

  test('a program that the verifier rejects: the reason and the line, and with --verbose the whole log', () => {
    const object = compileBpf('rejected');
    const short = run('run', object);
    expect({ status: short.status, stdout: short.stdout }).toEqual({ status: 1, stdout: '' });
    expect(short.stderr).toMatch(
      /^libbpf-subskel: load object 'rejected': the verifier rejected program 'unchecked' \(EACCES\): R0 invalid mem access 'map_value_or_null'\n {2}at (rejected\.bpf\.c:18: )?return \(int\)\*value;\n/,
    );
    expect(short.stderr).toMatch(/\n {2}hint: .*\nlibbpf-subskel: \(--verbose shows/);
    expect(short.stderr).not.toMatch(/BEGIN PROG LOAD LOG/);
    const long = run('run', object, '--verbose').stderr;
    expect(long).toMatch(/BEGIN PROG LOAD LOG[\s\S]*\nlibbpf-subskel: load object 'rejected': the verifier/);
  });
});
