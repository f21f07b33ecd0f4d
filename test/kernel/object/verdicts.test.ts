/** Programs that this kernel's verifier rejects, each for another of the usual reasons: what the error says of them. */
import { BpfObject, VerifierError } from '../../../lib';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

function rejected(program: string, flags: readonly string[] = [], logBuffer = 0): VerifierError {
  using object = BpfObject.open(compileBpf('verdicts', flags));
  for (const each of object.programs.values()) each.autoload = each.name === program;
  if (logBuffer > 0) object.program(program).setLogBuffer(logBuffer);
  const error = thrownBy(() => object.load());
  expect(error).toBeInstanceOf(VerifierError);
  return error as VerifierError;
}

/** The line is of the source; of a program as a whole there is none to be sure of. */
test.each([
  ['maybe_null', /_or_null'/, /test it before this use/, 'return (int)value->of[0];'],
  ['unbounded', /unbounded memory access/, /bound the index/, 'return (int)value->of[key];'],
  ['beyond_value', /value_size=64 off=72/, /beyond the end/, 'return (int)value->of[9];'],
  ['beyond_stack', /to stack/, /variable on the stack/, 'name[at] = 1;'],
  ['unreleased', /Unreleased reference/, /on every path/, '}'],
  ['endless', /infinite loop detected/, /a bound that the verifier sees/, 'for (;;)'],
  ['too_long', /BPF program is too large/, /too many paths/, undefined],
  [
    'wrong_helper',
    /bpf_skb_load_bytes#26/,
    /kernel\.hasHelper/,
    'return bpf_skb_load_bytes(ctx, 0, ctx, 1);',
  ],
  ['wrong_kfunc', /bpf_sock_destroy/, /kfunc bpf_sock_destroy/, 'return bpf_sock_destroy(ctx);'],
  ['no_result', /R0 !read_ok/, /return a value/, 'asm volatile("exit");'],
  ['no_pointer', /R2 type=.* expected=/, /must be a pointer/, undefined],
  ['untyped_pointer', /R1 invalid mem access/, /bpf_probe_read_kernel/, 'return *(int *)address;'],
  ['sleeping', /sleep|bpf_copy_from_user/, /only a sleepable program/, undefined],
  ['large_stack', /combined stack size/, /512 bytes/, undefined],
  ['outside_packet', /invalid access to packet/, /data_end/, undefined],
  ['wrong_result', /At program exit/, /return one of the values/, 'return 7;'],
  ['leave_context', /invalid bpf_context access/, /read whole members/, undefined],
])('%s', (program, reason, hint, text) => {
  const error = rejected(program);
  expect(error).toMatchObject({ code: 'ERR_VERIFIER', syscall: 'bpf_object__load', program });
  expect(error.reason).toMatch(reason);
  expect(error.hint).toMatch(hint);
  if (text !== undefined) expect(error.source?.text).toBe(text);
  expect(error.message.split('\n')[0]).toBe(
    `load object 'verdicts': the verifier rejected program '${program}' (${errnoIn(error)}): ${error.reason}`,
  );
  expect(error.toString('full')).toContain(error.log.trimEnd());
});

const errnoIn = ({ errno }: VerifierError): string =>
  ({ 7: 'E2BIG', 13: 'EACCES', 22: 'EINVAL' })[errno] ?? String(errno);

test('a license that keeps a helper from the program', () => {
  const { hint, source } = rejected('needs_gpl', ['-DWITHOUT_LICENSE']);
  expect(hint).toMatch(/SEC\("license"\) = "GPL"/);
  expect(source?.text).toMatch(/bpf_trace_printk/);
});

test('a program with a log buffer of its own: what stands there', () => {
  const error = rejected('maybe_null', [], 1 << 16);
  expect(error).toMatchObject({ program: 'maybe_null', reason: "R0 invalid mem access 'map_value_or_null'" });
  expect(error.log).toMatch(/BPF program load failed[\s\S]*R0 invalid mem access/);
});
