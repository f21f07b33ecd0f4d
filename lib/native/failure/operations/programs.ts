/** Programs, attachments and links. operation.ts says how to add a row. */
import { since, type Requirement } from '../../../uapi/requirement';
import { PINNING, type Operation } from './operation';

const ATTACHING = {
  ENOENT: 'the kernel has no such event or function',
  EBUSY: 'something else is attached there that does not share',
  EEXIST: 'something is attached there already, or this very program',
  EINVAL: 'the kernel may be too old to attach this kind of program, or it cannot be attached to this',
  ESTALE: 'what is attached there has changed meanwhile: it has another revision',
};

const attaching = (
  remedies: Readonly<Record<string, string>> = ATTACHING,
  needs?: Requirement,
): Operation => ({ phrase: 'attach %', purpose: 'attach', remedies, ...(needs && { needs }) });

/** Those of libbpf's ways to attach that need no row: what the kernel must be for them, lib/runtime/attach says. */
export const ATTACH = attaching();

const NO_BINARY = {
  ...ATTACHING,
  ENOENT:
    'there is no such file, or no such function or probe in it; functions that are static or stripped have no name',
};

export const PROGRAMS: Readonly<Record<string, Operation>> = {
  bpf_program__set_type: { phrase: 'set the type of %' },
  bpf_program__set_expected_attach_type: { phrase: 'set the expected attach type of %' },
  bpf_program__set_flags: { phrase: 'set the flags of %' },
  bpf_program__set_ifindex: { phrase: 'set the interface of %' },
  bpf_program__set_log_level: { phrase: 'set the log level of %' },
  bpf_program__set_log_buf: { phrase: 'give a log buffer to %' },
  bpf_program__set_autoload: { phrase: 'set autoload of %' },
  bpf_program__set_attach_target: {
    phrase: 'set the attach target of %',
    needs: since('5.5', 'CONFIG_DEBUG_INFO_BTF'),
    remedies: {
      ENOENT: 'the target, or the kernel, has no function of that name in its BTF',
      ESRCH: 'the kernel has no function of that name in its BTF',
      EINVAL: 'the target has no BTF, or this type of program has no such target',
    },
  },
  bpf_program__attach: attaching({
    ...ATTACHING,
    EOPNOTSUPP: 'its section does not say what to attach to: name the target when attaching',
  }),
  bpf_program__attach_uprobe_opts: attaching(NO_BINARY),
  bpf_program__attach_uprobe_multi: attaching(NO_BINARY),
  bpf_program__attach_usdt: attaching(NO_BINARY),
  bpf_link_create: attaching(ATTACHING, since('5.7')),
  bpf_tc_hook_create: {
    phrase: 'make the %',
    needs: since('4.5', 'CONFIG_NET_SCH_INGRESS'),
    purpose: 'attach',
  },
  bpf_tc_hook_destroy: { phrase: 'remove the %', purpose: 'attach' },
  bpf_tc_attach: {
    phrase: 'attach a program to the %',
    needs: since('4.4', 'CONFIG_NET_CLS_BPF'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_tc_detach: { phrase: 'detach a program from the %', purpose: 'attach' },
  bpf_tc_query: { phrase: 'ask what is attached to the %', purpose: 'attach' },
  bpf_xdp_attach: {
    phrase: 'attach a program to %',
    needs: since('4.8'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_xdp_detach: { phrase: 'detach the program of %', purpose: 'attach' },
  bpf_xdp_query: { phrase: 'ask what is attached to %' },
  bpf_prog_attach_opts: {
    phrase: 'attach a program to %',
    needs: since('4.10'),
    purpose: 'attach',
    remedies: {
      ...ATTACHING,
      EPERM: 'a program is attached there, or above it, that does not allow others beside it',
    },
  },
  bpf_prog_detach_opts: {
    phrase: 'detach a program from %',
    needs: since('4.10'),
    purpose: 'attach',
    remedies: { ENOENT: 'it is not attached there', EPERM: 'it is attached by a link: close that' },
  },
  bpf_map__attach_struct_ops: {
    phrase: 'attach %',
    needs: since('5.6', 'CONFIG_BPF_JIT'),
    purpose: 'attach',
  },
  bpf_prog_test_run_opts: {
    phrase: 'test-run %',
    needs: since('4.12'),
    purpose: 'load',
    remedies: {
      ENOTSUPP: 'the kernel cannot test-run this kind of program',
      EINVAL: 'the kernel does not take these data, context or flags for this kind of program',
      ENOSPC: 'dataSizeOut, or the context, is too small',
      EINTR:
        'a signal came between two of the repeated runs, so that the rest of them was left out: run it again',
    },
  },
  bpf_program__pin: { phrase: 'pin %', purpose: 'pin', remedies: PINNING },
  bpf_program__unpin: { phrase: 'unpin %', remedies: PINNING },
  bpf_link__detach: {
    phrase: 'detach %',
    needs: since('5.9'),
    remedies: { EOPNOTSUPP: 'this kind of link cannot be forced off: close it instead' },
  },
  bpf_link__destroy: { phrase: 'close %' },
  bpf_link__pin: { phrase: 'pin %', purpose: 'pin', remedies: PINNING },
  bpf_link__unpin: { phrase: 'unpin %', remedies: PINNING },
  bpf_link_update: {
    phrase: 'update the program of %',
    needs: since('5.7'),
    purpose: 'attach',
    remedies: {
      EINVAL: 'this kind of link cannot be updated, or the program does not fit in its place',
      EOPNOTSUPP: 'this kind of link cannot be updated',
      EPERM: 'another program than the expected one is attached, or the program does not fit in its place',
      ENOLINK: 'what it was attached to is gone',
    },
  },
  bpf_link__update_map: { phrase: 'update the map of %', needs: since('6.4'), purpose: 'attach' },
  bpf_iter_create: {
    phrase: 'iterate by %',
    needs: since('5.8'),
    remedies: { EINVAL: 'it is no link of an iterator (SEC("iter/…"))' },
  },
  bpf_obj_get: { phrase: 'open the pinned %', needs: since('4.4'), purpose: 'pin', remedies: PINNING },
  bpf_obj_pin: { phrase: 'pin %', needs: since('4.4'), purpose: 'pin', remedies: PINNING },
};
