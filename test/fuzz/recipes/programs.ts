import type { Give } from '../give';
import type { Recipe, Recipes } from './recipe';

/** Options by the rules of a way to attach: those that are one of a few words, or true or false. */
function ruled(give: Give, method: string): Record<string, unknown> {
  const rules = Object.entries(give.world.attachKinds[method]?.options ?? {});
  const made = rules.map(([name, rule]) => {
    if (rule === 'boolean') return [name, give.perhaps(() => give.flag)] as const;
    return [name, Array.isArray(rule) ? give.perhaps(() => give.pick<unknown>(...rule)) : undefined] as const;
  });
  return Object.fromEntries(made);
}

const cookie = (give: Give): object => ({ cookie: give.perhaps(() => give.bigint) });
const toInterface =
  (method: string): Recipe<never> =>
  (give) => [
    give.pick<unknown>('lo', 1, 'nowhere'),
    give.perhaps(() => ({
      ...ruled(give, method),
      before: give.perhaps(() => give.pick<unknown>(give.link, give.program, 'all')),
      expectedRevision: give.perhaps(() => give.number),
    })),
  ];

/** Uprobes seldom: taking one away makes the kernel wait for a tenth of a second. */
const uprobe = (give: Give, options: object): unknown[] => [
  give.random.chance(0.05) ? '/bin/true' : give.pick('/nowhere', give.file),
  { pid: 0, offset: 64, ...options, ...cookie(give) },
];

export const PROGRAMS: Recipes = {
  'BpfProgram.type': (give: Give) => [give.pick('xdp', 'syscall', 'tracing', 'kprobe', 'nothing')],
  'BpfProgram.expectedAttachType': (give: Give) => [give.pick('xdp', 'trace_iter', 'nothing')],
  'BpfProgram.flags': (give: Give) => [give.number],
  'BpfProgram.kernelLogLevel': (give: Give) => [give.below(8)],
  'BpfProgram.autoload': (give: Give) => [give.flag],
  'BpfProgram.autoattach': (give: Give) => [give.flag],
  'BpfProgram.setInterface': (give: Give) => [give.pick<unknown>('lo', 1, undefined)],
  'BpfProgram.setLogBuffer': (give: Give) => [give.pick(0, 4096, give.number)],
  'BpfProgram.setAttachTarget': (give: Give) => [
    { program: give.perhaps(() => give.program), function: give.perhaps(() => give.pick('replaced', 'x')) },
  ],
  'BpfProgram.testRun': (give: Give) => [
    {
      data: give.perhaps(() => give.bytes(give.pick(14, 64, 0))),
      context: give.perhaps(() => give.pick<unknown>(give.context, { in: give.number }), 0.6),
      dataSizeOut: give.perhaps(() => give.number),
      repeat: give.perhaps(() => give.below(20)),
      cpu: give.perhaps(() => 0, 0.1),
      flags: give.perhaps(() => give.below(4), 0.1),
      batchSize: give.perhaps(() => give.below(70), 0.1),
    },
  ],
  'BpfProgram.pin': (give: Give) => [give.pin],
  'BpfProgram.unpin': (give: Give) => [give.pin],
  'BpfProgram.attachKprobe': (give: Give) => [
    give.pick('no_such_function', 'a b'),
    { ...ruled(give, 'attachKprobe'), ...cookie(give) },
  ],
  'BpfProgram.attachKprobeMulti': (give: Give) => [
    { functions: give.pick<unknown>(['no_such_function'], []), cookies: give.perhaps(() => [1n]) },
  ],
  'BpfProgram.attachKsyscall': () => ['no_such_call'],
  'BpfProgram.attachUprobe': (give: Give) => uprobe(give, {}),
  'BpfProgram.attachUprobeMulti': (give: Give) => [
    give.pick('/nowhere', give.file),
    { offsets: [64n], cookies: give.perhaps(() => [give.bigint]) },
  ],
  'BpfProgram.attachUsdt': (give: Give) => [give.pick('/nowhere', give.file), 'provider', 'name', { pid: 0 }],
  'BpfProgram.attachTracepoint': (give: Give) => ['syscalls', 'sys_enter_nothing', cookie(give)],
  'BpfProgram.attachRawTracepoint': (give: Give) => [
    give.pick('sys_enter', 'sched_switch', 'nothing'),
    cookie(give),
  ],
  'BpfProgram.attachPerfEvent': (give: Give) => [
    give.pick<unknown>(give.some('PerfEvent'), give.fd),
    cookie(give),
  ],
  'BpfProgram.sample': (give: Give) => [
    {
      event: give.perhaps(() => give.pick('cpu_clock', 'context_switches', 'nothing')),
      ...(give.flag ? { frequency: give.below(100) } : { period: 1_000_000 + give.below(1_000_000) }),
      pid: give.perhaps(() => 0),
      ...cookie(give),
    },
  ],
  'BpfProgram.attachTrace': (give: Give) => [cookie(give)],
  'BpfProgram.attachFreplace': (give: Give) => [
    give.perhaps(() => give.program, 0.7),
    give.perhaps(() => 'replaced'),
  ],
  'BpfProgram.attachIter': (give: Give) => [
    { map: give.perhaps(() => give.map, 0.7), pid: give.perhaps(() => process.pid) },
  ],
  'BpfProgram.attachCgroup': (give: Give) => [give.pick<unknown>('/nowhere', give.fd)],
  'BpfProgram.attachNetns': (give: Give) => [give.perhaps(() => '/proc/self/ns/net', 0.7)],
  'BpfProgram.attachXdp': (give: Give) => [
    give.pick<unknown>('lo', 1),
    { ...ruled(give, 'attachXdp'), ...(give.flag ? { mode: 'skb' } : {}) },
  ],
  'BpfProgram.attachTcx': toInterface('attachTcx'),
  'BpfProgram.attachNetkit': toInterface('attachNetkit'),
  'BpfProgram.attachNetfilter': (give: Give) => [
    { protocolFamily: 'ipv4', hook: give.pick('input', 'output'), priority: give.below(9) - 4 },
  ],
  'BpfProgram.attachSocket': (give: Give) => [
    give.random.chance(0.8) ? give.world.socket : give.fd,
    give.perhaps(() => ruled(give, 'attachSocket')),
  ],
  'BpfProgram.attachSockmap': (give: Give) => [give.pick<unknown>(give.map, give.fd)],

  'BpfLink.update': (give: Give) => [give.program, give.perhaps(() => ({ expected: give.program }))],
  'BpfLink.pin': (give: Give) => [give.pin],

  'TcHook.attach': (give: Give) => [
    give.pick('ingress', 'egress'),
    give.program,
    { handle: give.perhaps(() => 1 + give.below(3)), priority: give.perhaps(() => 1 + give.below(3)) },
  ],
  'TcHook.query': (give: Give) => [
    give.pick('ingress', 'egress'),
    { handle: 1 + give.below(3), priority: 1 + give.below(3) },
  ],
};
