/** Pinned programs and links, in a BPF file system of their own; and links whose order and program matter. */
import { scenarios } from '../../support/scenarios';

const HARNESS = `
const fs = require('node:fs');
const { execFileSync, spawnSync } = require('node:child_process');
execFileSync('mount', ['-t', 'bpf', 'bpf', '/sys/fs/bpf']);
execFileSync('ip', ['link', 'set', 'lo', 'up']);
const { BpfObject, BpfProgram, BpfLink } = subskel;
// On a busy machine packets are handled when there is time.
const packet = () => {
  spawnSync('bash', ['-c', 'echo x > /dev/udp/127.0.0.1/9']);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
};
const bss = (object, name) => object.section('.bss').variables.get(name).value;
runAll();
`;

const scenario = scenarios(HARNESS);

scenario(
  'a program: pinned, opened again, run, unpinned',
  `
    const path = '/sys/fs/bpf/on_xdp';
    let object = load('on_xdp');
    const { id } = object.program('on_xdp').info();
    object.program('on_xdp').pin(path);
    const twice = codeOf(() => object.program('on_xdp').pin(path));
    const dotted = codeOf(() => object.program('on_xdp').pin(path + '.1'));
    object.close();
    const program = BpfProgram.openPinned(path);
    const same = program.info().id === id;
    const link = program.attachXdp('lo');
    const { programId } = link.info();
    program.pin(path + '_again');
    program.unpin(path + '_again');
    const kinds = [codeOf(() => BpfLink.openPinned(path)), codeOf(() => program.unpin('/etc/hostname'))];
    program.unpin(path);
    program.close();
    tell([same, programId === id, link.closed, twice, dotted, kinds, fs.existsSync('/etc/hostname'), codeOf(() => BpfProgram.openPinned(path)), codeOf(() => BpfProgram.fromId(id))]);`,
  [true, true, true, 'EEXIST', 'ERR_INVALID_ARG', ['ERR_INVALID_ARG', 'EACCES'], true, 'ENOENT', 'ENOENT'],
);

scenario(
  'a link: it survives close() while it is pinned, and can be opened, updated and unpinned',
  `
    const path = '/sys/fs/bpf/link';
    const object = load('first_order', 'second_order');
    const first = object.program('first_order').attachTcx('lo');
    first.pin(path);
    const twice = codeOf(() => first.pin(path + '2'));
    const paths = [first.pinPath];
    first.close();
    packet();
    const survived = bss(object, 'order') > 0n;
    const link = BpfLink.openPinned(path);
    paths.push(link.pinPath, first.pinPath);
    link.update(object.program('second_order'), { expected: object.program('first_order') });
    const wrong = codeOf(() => link.update(object.program('first_order'), { expected: object.program('first_order') }));
    const target = link.target.name;
    object.section('.bss').variables.get('order').value = 0n;
    packet();
    const updated = Number(bss(object, 'order')) % 10;
    const programs = [link.info().programId === object.program('second_order').info().id];
    link.unpin();
    const unpinned = [fs.existsSync(path), codeOf(() => link.unpin())];
    paths.push(link.pinPath);
    link.close();
    object.section('.bss').variables.get('order').value = 0n;
    packet();
    tell([twice, survived, wrong, target, updated, programs, unpinned, bss(object, 'order'), paths]);`,
  [
    'EBUSY',
    true,
    'EPERM',
    'second_order',
    2,
    [true],
    [false, 'EINVAL'],
    0,
    ['/sys/fs/bpf/link', '/sys/fs/bpf/link', null, null],
  ],
);

scenario(
  'the links of a program without an object end with its close()',
  `
    const object = load('on_xdp');
    const program = BpfProgram.fromFd(object.program('on_xdp').fd);
    const link = program.attachXdp('lo');
    packet();
    const ran = bss(object, 'hits') > 0n;
    program.close();
    const before = bss(object, 'hits');
    packet();
    tell([ran, link.closed, bss(object, 'hits') === before, codeOf(() => link.info())]);`,
  [true, true, true, 'ERR_CLOSED'],
);

describe('the order of links', () => {
  const ordered = (position: string): string => `
    const object = load('first_order', 'second_order');
    const first = object.program('first_order').attachTcx('lo');
    object.program('second_order').attachTcx('lo', ${position});
    packet();
    tell(String(bss(object, 'order')).slice(0, 2));`;
  for (const [name, position, order] of [
    ['by default', '{}', '12'],
    ['before all', "{ before: 'all' }", '21'],
    ['after all', "{ after: 'all' }", '12'],
    ['before a link', '{ before: first }', '21'],
    ['after a link', '{ after: first }', '12'],
    ['at the expected revision', "{ before: 'all', expectedRevision: 2n }", '21'],
  ] as const) {
    scenario(name, ordered(position), order);
  }

  scenario(
    'at another revision, and beside what is not there',
    `
      const object = load('first_order', 'second_order', 'on_xdp');
      const first = object.program('first_order').attachTcx('lo');
      const xdp = object.program('on_xdp').attachXdp('lo');
      tell([
        codeOf(() => object.program('second_order').attachTcx('lo', { expectedRevision: 9 })),
        codeOf(() => object.program('second_order').attachTcx('lo', { before: xdp })),
        object.links.length,
      ]);`,
    ['ESTALE', 'EINVAL', 2],
  );
});

scenario(
  'an interface that goes away takes its links along',
  `
    execFileSync('ip', ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1']);
    const object = load('on_xdp');
    const link = object.program('on_xdp').attachXdp('v0');
    const before = link.info().ifindex > 1;
    execFileSync('ip', ['link', 'del', 'v0']);
    const after = link.info().ifindex;
    link.close();
    object.close();
    tell([before, after]);`,
  [true, 0],
);

scenario(
  'a program that is bound to an interface: attached there, and nowhere else',
  `
    execFileSync('ip', ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1']);
    const object = BpfObject.open(args.object);
    opened.push(object);
    for (const program of object.programs.values()) program.autoload = program.name === 'on_xdp';
    const program = object.program('on_xdp');
    const none = codeOf(() => program.setInterface('nowhere0'));
    program.flags = 64; // BPF_F_XDP_DEV_BOUND_ONLY
    program.setInterface('lo');
    program.setInterface('v0');
    object.load();
    const late = codeOf(() => program.setInterface(undefined));
    const elsewhere = codeOf(() => program.attachXdp('v1'));
    const link = program.attachXdp('v0', { mode: 'drv' });
    const bound = program.info().id === link.info().programId;
    link.close();
    object.close();
    execFileSync('ip', ['link', 'del', 'v0']);
    tell([none, late, elsewhere, bound]);`,
  ['ENODEV', 'ERR_ALREADY_LOADED', 'EINVAL', true],
);

describe('a TC hook', () => {
  scenario(
    'is made once, and taken away by the one that made it',
    `
      const qdiscs = () => (execFileSync('tc', ['qdisc', 'show', 'dev', 'lo'], { encoding: 'utf8' }).match(/clsact/g) ?? []).length;
      const object = load('on_tc', 'replaceable');
      const hook = subskel.TcHook.create('lo');
      const other = subskel.TcHook.create(1);
      const filter = hook.attach('ingress', object.program('on_tc'), { handle: 1, priority: 7 });
      const place = { handle: 1, priority: 7 };
      const taken = codeOf(() => other.attach('ingress', object.program('on_tc'), place));
      const asked = other.query('ingress', place) === object.program('on_tc').info().id;
      other.attach('ingress', object.program('replaceable'), { ...place, replace: true });
      filter.close(); // Another's by now.
      const stays = other.query('ingress', place) === object.program('replaceable').info().id;
      const made = [hook.created, other.created, qdiscs()];
      other.close();
      const gone = [hook.query('ingress', place), hook.query('egress', place), qdiscs()];
      hook.close();
      hook.close();
      tell([taken, asked, stays, made, gone, qdiscs(), hook.closed, codeOf(() => hook.query('ingress', place))]);`,
    ['EEXIST', true, true, [true, false, 1], [null, null, 1], 0, true, 'ERR_CLOSED'],
  );

  for (const [call, code] of [
    ["hook.attach('sideways', program)", 'ERR_INVALID_ARG'],
    ["hook.attach('ingress', {})", 'ERR_INVALID_ARG'],
    ["hook.attach('ingress', program, { prio: 1 })", 'ERR_INVALID_ARG'],
    ["subskel.TcHook.create('nowhere0')", 'ENODEV'],
    ['subskel.TcHook.create(999)', 'ENODEV'],
  ] as const) {
    scenario(
      call,
      `
      const object = load('on_tc');
      const program = object.program('on_tc');
      const hook = subskel.TcHook.create('lo');
      const code = codeOf(() => ${call});
      hook.close();
      tell(code);`,
      code,
    );
  }
});

describe('XDP without a link', () => {
  scenario(
    'is attached, replaced, and taken away by its own attachment only',
    `
      const object = load('on_xdp', 'on_raw_tp');
      const second = load('on_xdp');
      const { XdpAttachment } = subskel;
      const modes = [XdpAttachment.query('lo').mode];
      const first = XdpAttachment.attach('lo', object.program('on_xdp'), { mode: 'skb' });
      packet();
      modes.push(XdpAttachment.query(1).mode);
      const ran = bss(object, 'hits') > 0n;
      const known = XdpAttachment.query('lo').programId === object.program('on_xdp').info().id;
      const taken = codeOf(() => XdpAttachment.attach('lo', second.program('on_xdp'), { mode: 'skb' }));
      const wrong = codeOf(() => XdpAttachment.attach('lo', second.program('on_xdp'), { mode: 'skb', replace: second.program('on_xdp') }));
      const other = XdpAttachment.attach('lo', second.program('on_xdp'), { mode: 'skb', replace: object.program('on_xdp') });
      first.close();
      modes.push(XdpAttachment.query('lo').mode);
      other.close();
      other.close();
      modes.push(XdpAttachment.query('lo').mode);
      const bad = [
        codeOf(() => XdpAttachment.attach('lo', {})),
        codeOf(() => XdpAttachment.attach('lo', object.program('on_raw_tp'))),
        codeOf(() => XdpAttachment.attach('nowhere0', object.program('on_xdp'))),
      ];
      tell([modes, ran, known, taken, wrong, other.closed, bad]);`,
    [
      ['none', 'skb', 'skb', 'none'],
      true,
      true,
      'EBUSY',
      'EEXIST',
      true,
      ['ERR_INVALID_ARG', 'EINVAL', 'ENODEV'],
    ],
  );

  scenario(
    'an interface says what its driver can do',
    `
      execFileSync('ip', ['link', 'add', 'veth_a', 'type', 'veth', 'peer', 'name', 'veth_b']);
      const { features, zeroCopyMaxSegments } = subskel.XdpAttachment.query('veth_a');
      tell([features.slice(0, 2), zeroCopyMaxSegments, subskel.XdpAttachment.query('lo').features]);`,
    [['basic', 'redirect'], 0, []],
  );
});

describe('perf events', () => {
  scenario(
    'count by themselves, and stop',
    `
      const event = subskel.PerfEvent.open({ event: 'page_faults', pid: 0, disabled: true });
      const touch = () => { for (let i = 0; i < 20; i++) Buffer.alloc(1 << 20, i); };
      touch();
      const disabled = event.read().value;
      event.enable(); touch(); event.disable();
      const enabled = event.read();
      touch();
      const stopped = event.read().value;
      event.reset();
      const reset = event.read().value;
      event.close(); event.close();
      tell([disabled, enabled.value > 0n, enabled.timeRunning > 0n, stopped === enabled.value, reset, event.closed, event.fd, codeOf(() => event.read()), codeOf(() => event.enable())]);`,
    [0, true, true, true, 0, true, -1, 'ERR_CLOSED', 'ERR_CLOSED'],
  );

  scenario(
    'one on each CPU',
    `
      const events = subskel.PerfEvent.openOnEachCpu({ event: 'context_switches' });
      spawnSync('true');
      tell([events.length > 0, events[0].cpu, events[0].pid, events.some((event) => event.read().value > 0n)]);
      for (const event of events) event.close();`,
    [true, 0, -1, true],
  );

  for (const [options, code] of [
    ["{ event: 'cpu_clok', pid: 0 }", 'ERR_INVALID_ARG'],
    ["{ event: 'cpu_clock' }", 'ERR_INVALID_ARG'],
    ["{ event: 'cpu_clock', pid: 0, period: 1, frequency: 1 }", 'ERR_INVALID_ARG'],
    ["{ event: 'cpu_clock', pid: 0, period: -1n }", 'ERR_INVALID_ARG'],
    ['{ event: { type: 1 }, pid: 0 }', 'ERR_INVALID_ARG'],
    ['{ event: { type: 1, config: 0, confg: 1 }, pid: 0 }', 'ERR_INVALID_ARG'],
    ['{ event: { type: 1, config: 999n }, pid: 0 }', 'ENOENT'],
    ["{ event: 'cpu_clock', cpu: 99999 }", 'EINVAL'],
    ["{ event: 'cpu_clock', pid: 2 ** 22 + 1 }", 'ESRCH'],
  ] as const) {
    scenario(options, `tell(codeOf(() => subskel.PerfEvent.open(${options})));`, code);
  }
});
