/**
 * Each way to attach a program, against the kernel: it runs, it is detached, and the kernel says what it is. All in one
 * child process with its own network namespace, tracefs and bpffs; what is system-wide is counted for that process only.
 */
import { runChild, PRIVATE_MOUNTS } from '../../support/child';
import { compileBpf, compileProbe } from '../../support/compile';

interface Row {
  readonly name: string;
  readonly program: string;
  /** JavaScript: an expression over `program`, `object` and what the harness below has. */
  readonly attach: string;
  /** JavaScript: makes it run. */
  readonly trigger: string;
  /** Counts what this process does, not what packets do. */
  readonly own?: boolean;
  readonly cookie?: number;
  /** What link.info() says, besides ids. */
  readonly info: object | undefined;
}

const SYSTEM_CALL = "fs.readFileSync('/dev/null')";
const PARENT = 'process.ppid';
const PACKET = 'packet()';
const TICK = 'await probe.tick()';
const LIBC = 'libc';

const ROWS: readonly Row[] = [
  {
    name: 'attach() by section',
    program: 'on_raw_tp_by_section',
    attach: 'program.attach()',
    trigger: SYSTEM_CALL,
    own: true,
    info: { type: 'raw_tracepoint', name: 'sys_enter' },
  },
  {
    name: 'attachRawTracepoint',
    program: 'on_raw_tp',
    attach: "program.attachRawTracepoint('sys_exit', { cookie: 7n })",
    trigger: SYSTEM_CALL,
    own: true,
    info: { type: 'raw_tracepoint', name: 'sys_exit', cookie: 7 },
  },
  {
    name: 'attachTrace',
    program: 'on_tp_btf',
    attach: 'program.attachTrace({ cookie: 8 })',
    trigger: SYSTEM_CALL,
    own: true,
    info: { type: 'raw_tracepoint', name: 'sys_enter', cookie: 8 },
  },
  {
    name: 'attachTracepoint',
    program: 'on_tracepoint',
    attach: "program.attachTracepoint('raw_syscalls', 'sys_enter', { cookie: 9n })",
    trigger: SYSTEM_CALL,
    own: true,
    cookie: 9,
    info: { type: 'perf_event', event: 'tracepoint', name: 'sys_enter', cookie: 9 },
  },
  {
    name: 'attachPerfEvent by period',
    program: 'on_perf_event',
    attach:
      "perfEvent(program, { event: 'cpu_clock', pid: 0, period: 100_000n }, { cookie: 2n ** 63n + 5n })",
    trigger: 'spin()',
    own: true,
    cookie: Number(2n ** 63n + 5n),
    info: { type: 'perf_event', event: 'event', config: 0 },
  },
  {
    name: 'attachPerfEvent by frequency, on a descriptor',
    program: 'on_perf_event',
    attach:
      '{ const event = subskel.PerfEvent.open({ event: { type: 1, config: 1n }, pid: process.pid, frequency: 5000 }); const link = program.attachPerfEvent(event.fd); event.close(); return link; }',
    trigger: 'spin()',
    own: true,
    cookie: 0,
    info: { type: 'perf_event', event: 'event', config: 1 },
  },
  {
    name: 'attachUprobe by function',
    program: 'on_uprobe',
    attach: `program.attachUprobe(${LIBC}, { function: 'getppid', pid: 0, cookie: 11n })`,
    trigger: PARENT,
    cookie: 11,
    info: { type: 'perf_event', event: 'uprobe', cookie: 11 },
  },
  {
    name: 'attachUprobe by offset, at the return',
    program: 'on_uretprobe',
    attach:
      "program.attachUprobe(args.probe, { offset: probe.offset('probed_first'), pid: probe.pid, retprobe: true })",
    trigger: TICK,
    cookie: 0,
    info: { type: 'perf_event', event: 'uretprobe' },
  },
  {
    name: 'attachUprobe in the old way',
    program: 'on_uprobe',
    attach: `program.attachUprobe(${LIBC}, { function: 'getppid', pid: process.pid, mode: 'perf' })`,
    trigger: PARENT,
    cookie: 0,
    info: undefined,
  },
  {
    name: 'attachUprobeMulti by functions',
    program: 'on_uprobe_multi',
    attach:
      "program.attachUprobeMulti(args.probe, { functions: ['probed_first', 'probed_second'], cookies: [21n, 22], pid: probe.pid })",
    trigger: TICK,
    cookie: 22,
    info: { type: 'uprobe_multi', path: 'args.probe', retprobe: false, cookies: [21, 22] },
  },
  {
    name: 'attachUprobeMulti by a pattern',
    program: 'on_uprobe_multi',
    attach: "program.attachUprobeMulti(args.probe, { pattern: 'probed_*', retprobe: true })",
    trigger: TICK,
    cookie: 0,
    info: { type: 'uprobe_multi', path: 'args.probe', retprobe: true, pid: 0 },
  },
  {
    name: 'attachUprobeMulti by offsets',
    program: 'on_uprobe_multi',
    attach: "program.attachUprobeMulti(args.probe, { offsets: [probe.offset('probed_second')] })",
    trigger: TICK,
    cookie: 0,
    info: { type: 'uprobe_multi', refCtrOffsets: [0], cookies: [0] },
  },
  {
    name: 'attachUsdt',
    program: 'on_usdt',
    attach: "program.attachUsdt(args.probe, 'subskel', 'tick', { pid: probe.pid, cookie: 30 })",
    trigger: TICK,
    cookie: 36,
    info: undefined,
  },
  {
    name: 'attachXdp by name',
    program: 'on_xdp',
    attach: "program.attachXdp('lo', { mode: 'skb' })",
    trigger: PACKET,
    info: { type: 'xdp', ifindex: 1 },
  },
  {
    name: 'attachXdp by index',
    program: 'on_xdp',
    attach: 'program.attachXdp(1)',
    trigger: PACKET,
    info: { type: 'xdp', ifindex: 1 },
  },
  {
    name: 'attachTcx by section',
    program: 'on_tcx_egress',
    attach: "program.attachTcx('lo')",
    trigger: PACKET,
    info: { type: 'tcx', ifindex: 1, attachType: 'tcx_egress' },
  },
  {
    name: 'attachTcx by attach type',
    program: 'on_tc',
    attach: "program.attachTcx('lo', { attachType: 'tcx_ingress' })",
    trigger: PACKET,
    info: { type: 'tcx', ifindex: 1, attachType: 'tcx_ingress' },
  },
  {
    name: 'attachNetfilter',
    program: 'on_netfilter',
    attach: "program.attachNetfilter({ protocolFamily: 'ipv4', hook: 'output', priority: -5 })",
    trigger: PACKET,
    info: { type: 'netfilter', protocolFamily: 2, hook: 3, priority: -5, flags: 0 },
  },
  {
    name: 'attachNetns',
    program: 'on_sk_lookup',
    attach: 'program.attachNetns()',
    trigger: PACKET,
    info: { type: 'netns', attachType: 'sk_lookup' },
  },
  {
    name: 'attachCgroup by folder',
    program: 'on_cgroup_skb',
    attach: 'program.attachCgroup(cgroup)',
    trigger: 'packet(cgroup)',
    info: { type: 'cgroup', attachType: 'cgroup_inet_egress' },
  },
  {
    name: 'attachCgroup by descriptor, before all others',
    program: 'on_cgroup_skb',
    attach:
      "{ const fd = fs.openSync(cgroup, 'r'); try { return program.attachCgroup(fd, { before: 'all' }); } finally { fs.closeSync(fd); } }",
    trigger: 'packet(cgroup)',
    info: { type: 'cgroup', attachType: 'cgroup_inet_egress' },
  },
  {
    name: 'attachCgroup in preorder',
    program: 'on_cgroup_skb',
    attach: 'program.attachCgroup(cgroup, { preorder: true })',
    trigger: 'packet(cgroup)',
    info: { type: 'cgroup', attachType: 'cgroup_inet_egress' },
  },
  {
    name: 'attachSockmap',
    program: 'on_sk_msg',
    attach: "program.attachSockmap(object.map('sockets'))",
    trigger: 'await message(object)',
    info: { type: 'sockmap', attachType: 'sk_msg_verdict' },
  },
  {
    name: 'a sockmap, without a link',
    program: 'on_sk_msg',
    attach: "subskel.ProgramAttachment.attach(object.map('sockets'), program)",
    trigger: 'await message(object)',
    info: undefined,
  },
  {
    name: 'a cgroup, without a link',
    program: 'on_cgroup_skb',
    attach: "subskel.ProgramAttachment.attach(cgroup, program, { allow: 'multi' })",
    trigger: 'packet(cgroup)',
    info: undefined,
  },
  {
    name: 'a TC hook',
    program: 'on_tc',
    attach:
      "{ const hook = subskel.TcHook.create('lo'); hook.attach('egress', program, { priority: 3 }); return hook; }",
    trigger: PACKET,
    info: undefined,
  },
];

const HARNESS = `
const fs = require('node:fs');
const net = require('node:net');
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const mount = (type, target) => execFileSync('mount', ['-t', type, type, target]);
mount('tracefs', '/sys/kernel/tracing');
mount('bpf', '/sys/fs/bpf');
execFileSync('ip', ['link', 'set', 'lo', 'up']);

const packet = (group) =>
  spawnSync('bash', ['-c', (group ? 'echo $$ > ' + group + '/cgroup.procs; ' : '') + 'echo x > /dev/udp/127.0.0.1/9']);
const spin = () => { const end = Date.now() + 40; while (Date.now() < end); };
const libc = /\\S+\\/libc\\.so\\.6/.exec(fs.readFileSync('/proc/self/maps', 'utf8'))[0];
const unified = /^cgroup2 (\\S+) cgroup2/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))?.[1] ?? /^\\S+ (\\S+) cgroup2/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))[1];
const cgroup = unified + '/subskel-attach-' + process.pid;
const perfEvent = (program, options, more) => {
  using_ = subskel.PerfEvent.open(options);
  try { return program.attachPerfEvent(using_, more); } finally { using_.close(); }
};
let using_;

const child = spawn(args.probe, { stdio: ['pipe', 'pipe', 'inherit'] });
const probe = {
  pid: child.pid,
  tick: () => new Promise((done) => { child.stdout.once('data', done); child.stdin.write('x'); }),
  offset: (name) => {
    const text = execFileSync('readelf', ['-sW', args.probe], { encoding: 'utf8' });
    return parseInt(new RegExp('([0-9a-f]{16}) .*\\\\b' + name + '$', 'm').exec(text)[1], 16);
  },
};

/** One message over a TCP connection whose end is in the sockmap. */
const message = (object) => new Promise((done, failed) => {
  const server = net.createServer((socket) => { socket.on('data', () => { socket.destroy(); server.close(done); }); });
  server.listen(0, '127.0.0.1', () => {
    const socket = net.connect(server.address().port, '127.0.0.1', () => {
      try { object.map('sockets').set(0, BigInt(socket._handle.fd)); socket.end('hello'); } catch (error) { failed(error); }
    });
  });
});

const plain = (value) => JSON.parse(JSON.stringify(value, (_, item) =>
  typeof item === 'bigint' ? Number(item) : ArrayBuffer.isView(item) ? Array.from(item, Number) : item));

async function run(row) {
  const object = subskel.BpfObject.open(args.object);
  try {
    for (const program of object.programs.values()) program.autoload = program.name === row.program;
    if (row.own) object.section('.rodata').variables.get('target_pid').value = process.pid;
    object.load();
    const program = object.program(row.program);
    const bss = object.section('.bss').variables;
    const hits = () => Number(bss.get('hits').value);
    const asFunction = (text, ...names) => eval('(async (' + names.join(',') + ') => ' + (text.startsWith('{') ? text : '{ return (' + text + '); }') + ')');
    const attach = asFunction(row.attach, 'program', 'object');
    const trigger = asFunction(row.trigger, 'object');
    const link = await attach(program, object);
    const before = hits();
    await trigger(object);
    // On a busy machine packets are handled when there is time.
    for (let i = 0; i < 100 && hits() === before; i++) await new Promise((done) => setTimeout(done, 10));
    const result = {
      ran: hits() - before,
      cookie: Number(bss.get('cookie').value),
      info: link.info && link.fd >= 0 && link.info(),
      programId: program.info().id,
      listed: object.links.length,
    };
    link.close();
    const detached = hits();
    await trigger(object);
    return plain({ ...result, late: hits() - detached, closed: link.closed, open: object.links.length });
  } catch (error) {
    return { error: error.stack };
  } finally {
    object.close();
  }
}

(async () => {
  fs.mkdirSync(cgroup);
  const answers = {};
  try {
    for (const row of args.rows) answers[row.name] = await run(row);
  } finally {
    child.stdin.end();
    fs.rmdirSync(cgroup);
  }
  console.log(JSON.stringify(answers));
})();
`;

interface Answer {
  readonly error?: string;
  readonly ran: number;
  readonly late: number;
  readonly cookie: number;
  readonly info: { readonly id: number; readonly programId: number } | undefined;
  readonly programId: number;
}

let answers: Record<string, Answer>;
const probe = compileProbe();

beforeAll(() => {
  const { stdout, stderr, status } = runChild(
    HARNESS,
    { object: compileBpf('attach'), probe, rows: ROWS },
    [],
    ['unshare', '--net', ...PRIVATE_MOUNTS.slice(1)],
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  answers = JSON.parse(stdout) as Record<string, Answer>;
});

test.each(ROWS.map((row) => [row.name, row] as const))('%s', (name, { info, cookie }) => {
  const answer = answers[name]!;
  expect(answer.error).toBeUndefined();
  expect(answer.ran).toBeGreaterThan(0);
  expect(answer).toMatchObject({ late: 0, closed: true, open: 0 });
  if (cookie !== undefined) expect(answer.cookie).toBe(cookie);
  if (info === undefined) return;
  const expected = JSON.parse(JSON.stringify(info).replace('args.probe', probe)) as object;
  expect(answer.info).toMatchObject({ ...expected, programId: answer.programId });
  expect(answer.info!.id).toBeGreaterThan(0);
});
