/** What is attached somewhere, with links and without: in a network namespace and cgroups of the test's own. */
import { scenarios } from '../../support/scenarios';

const HARNESS = `
const fs = require('node:fs');
const path = require('node:path');
const { BpfObject, BpfProgram, ProgramAttachment, queryAttached } = subskel;
require('node:child_process').execFileSync('ip', ['link', 'set', 'lo', 'up']);
const unified = /^\\S+ (\\S+) cgroup2/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))[1];
const cgroup = path.join(unified, 'subskel-attached-' + process.pid);
const below = path.join(cgroup, 'below');
const idOf = (program) => program.info().id;
const errorOf = (work) => { try { work(); return 'none'; } catch ({ code, message, remedy, syscall }) { return { code, message, remedy, syscall }; } };
fs.mkdirSync(below, { recursive: true });
try {
  runAll();
} finally {
  fs.rmdirSync(below);
  fs.rmdirSync(cgroup);
}
`;

const scenario = scenarios(HARNESS);

scenario(
  'TCX: programs and links in their order, and the revision that an attachment may expect',
  `
    const object = load('first_order', 'second_order', 'on_tcx_ingress');
    const none = queryAttached('lo', 'tcx_ingress');
    const first = object.program('first_order').attachTcx('lo');
    const second = object.program('second_order').attachTcx('lo', { before: 'all' });
    const { programIds, linkIds, revision } = queryAttached(1, 'tcx_ingress');
    const third = object.program('on_tcx_ingress').attachTcx('lo', { expectedRevision: revision });
    tell([
      [none.programIds, none.linkIds],
      programIds.join() === [second, first].map((link) => link.info().programId).join(),
      linkIds.join() === [second, first].map((link) => link.info().id).join(),
      codeOf(() => object.program('on_tcx_ingress').attachTcx('lo', { expectedRevision: revision })),
      queryAttached('lo', 'tcx_ingress').programIds.length,
      queryAttached('lo', 'tcx_egress').programIds,
    ]);`,
  [[[], []], true, true, 'ESTALE', 3, []],
);

scenario(
  'a cgroup: those with a link and those without, also from above',
  `
    const object = load('on_cgroup_skb');
    const program = object.program('on_cgroup_skb');
    const ofCgroup = (folder, options) => queryAttached(folder, 'cgroup_inet_egress', options);
    const attachment = ProgramAttachment.attach(cgroup, program, { allow: 'multi' });
    const twice = codeOf(() => ProgramAttachment.attach(cgroup, program));
    const link = program.attachCgroup(below);
    const own = ofCgroup(cgroup);
    const fd = fs.openSync(below, 'r');
    const seen = [own.programIds[0] === idOf(program), own.linkIds === undefined, own.attachFlags];
    const counts = [ofCgroup(fd).programIds.length, ofCgroup(below, { effective: true }).programIds.length];
    fs.closeSync(fd);
    const asked = attachment.query().programIds.length;
    object.close(); // The attachment is the kernel's, not the object's.
    const stays = ofCgroup(cgroup).programIds.length;
    attachment.close();
    attachment.close();
    tell([seen, twice, counts, asked, stays, attachment.closed, codeOf(() => attachment.query()), ofCgroup(cgroup).programIds, link.closed]);`,
  [[true, true, 2], 'EPERM', [1, 2], 1, 1, true, 'ERR_CLOSED', [], true],
);

scenario(
  'a cgroup: one program in the place of another, whose attachment then has nothing to take away',
  `
    const [one, two] = [load('on_cgroup_skb'), load('on_cgroup_skb')].map((object) => object.program('on_cgroup_skb'));
    const first = ProgramAttachment.attach(cgroup, one, { allow: 'multi' });
    const missing = codeOf(() => ProgramAttachment.attach(cgroup, two, { allow: 'multi', replace: two }));
    const second = ProgramAttachment.attach(cgroup, two, { allow: 'multi', replace: one });
    first.close();
    const left = queryAttached(cgroup, 'cgroup_inet_egress').programIds;
    second.close();
    tell([missing, left.length, left[0] === idOf(two), queryAttached(cgroup, 'cgroup_inet_egress').programIds]);`,
  ['ENOENT', 1, true, []],
);

scenario(
  'a cgroup that goes away takes its programs along',
  `
    const object = load('on_cgroup_skb');
    const gone = path.join(cgroup, 'gone');
    fs.mkdirSync(gone);
    const attachment = ProgramAttachment.attach(gone, object.program('on_cgroup_skb'));
    fs.rmdirSync(gone);
    const asked = codeOf(() => attachment.query());
    attachment.close();
    tell([asked, attachment.closed]);`,
  ['ENOENT', true],
);

scenario(
  'a sockmap: with a link and without',
  `
    const object = load('on_sk_msg');
    const [program, map] = [object.program('on_sk_msg'), object.map('sockets')];
    const ask = () => queryAttached(map, 'sk_msg_verdict').programIds.length;
    const counts = [ask()];
    const attachment = ProgramAttachment.attach(map, program);
    counts.push(ask());
    attachment.close();
    counts.push(ask());
    const link = program.attachSockmap(map);
    counts.push(ask());
    link.close();
    tell([...counts, attachment.attachType]);`,
  [0, 1, 0, 1, 'sk_msg_verdict'],
);

scenario(
  'a network namespace, and programs without their object, which have no attach type of their own',
  `
    const object = load('on_sk_lookup', 'on_sk_msg');
    const link = object.program('on_sk_lookup').attachNetns();
    const found = queryAttached('/proc/self/ns/net', 'sk_lookup').programIds;
    const loose = BpfProgram.fromFd(object.program('on_sk_msg').fd);
    const without = codeOf(() => ProgramAttachment.attach(object.map('sockets'), loose));
    const attachment = ProgramAttachment.attach(object.map('sockets'), loose, { attachType: 'sk_msg_verdict' });
    loose.close();
    const stays = queryAttached(object.map('sockets'), 'sk_msg_verdict').programIds.length;
    attachment.close();
    tell([found.length === 1 && found[0] === link.info().programId, without, stays]);`,
  [true, 'ERR_UNSUPPORTED', 1],
);

for (const [call, expected] of [
  ["queryAttached('/nowhere', 'cgroup_inet_egress')", 'ENOENT'],
  ["queryAttached('/etc', 'cgroup_inet_egress')", 'EBADF'],
  ["queryAttached('nowhere0', 'tcx_ingress')", 'ENODEV'],
  ["queryAttached(cgroup, 'cgroup_inet_egres')", 'ERR_INVALID_ARG'],
  ['queryAttached(cgroup, 7)', 'ERR_INVALID_ARG'],
  ["queryAttached(cgroup, 'cgroup_inet_egress', { effectiv: true })", 'ERR_INVALID_ARG'],
  ["queryAttached(object.map('sockets'), 'tcx_ingress')", 'ERR_INVALID_ARG'],
  ["queryAttached({}, 'cgroup_inet_egress')", 'ERR_INVALID_ARG'],
  ["queryAttached(-1, 'cgroup_inet_egress')", 'ERR_INVALID_ARG'],
  ["queryAttached(cgroup, 'xdp')", 'EINVAL'],
  ['ProgramAttachment.attach(cgroup, {})', 'ERR_INVALID_ARG'],
  ["ProgramAttachment.attach(cgroup, program, { allow: 'all' })", 'ERR_INVALID_ARG'],
  ['ProgramAttachment.attach(cgroup, program, { replace: 5 })', 'ERR_INVALID_ARG'],
  ["ProgramAttachment.attach('/nowhere', program)", 'ENOENT'],
  ["ProgramAttachment.attach('/etc', program)", 'EBADF'],
  ["ProgramAttachment.attach(cgroup, program, { attachType: 'sk_lookup' })", 'EINVAL'],
] as const) {
  scenario(
    call,
    `
      const object = load('on_cgroup_skb');
      const program = object.program('on_cgroup_skb');
      tell([codeOf(() => ${call}), queryAttached(cgroup, 'cgroup_inet_egress').programIds]);`,
    [expected, []],
  );
}

scenario(
  'what this kernel was built without is told, or netkit devices can be asked',
  `tell(errorOf(() => queryAttached('lo', 'netkit_primary')))`,
  {
    code: 'EINVAL',
    syscall: 'bpf_prog_query_opts',
    message: expect.stringMatching(/^ask what is attached to interface lo: EINVAL/) as unknown,
    remedy: expect.stringMatching(/CONFIG_NETKIT|cannot tell/) as unknown,
  },
);
