/** Objects that the kernel or libbpf refuses: the error is about the program that failed, and says why. */
import { BpfObject, kernel } from '../../../lib';
import { isOlder } from '../../../lib/native/failure/kernel';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

function load(...names: string[]): void {
  using object = BpfObject.open(compileBpf('refusals'));
  for (const program of object.programs.values()) program.autoload = names.includes(program.name);
  object.load();
}

test('what is only needed to attach does not keep a program from being loaded', () => {
  load('many');
});

test('a function that is not there: the others are not to blame', () => {
  expect(thrownBy(() => load('many', 'nowhere')).message).toMatch(
    /^load object 'refusals': ESRCH \(no such process\) in bpf_object__load: the BTF of this kernel and of its loaded modules has no 'no_such_function', the target of program 'nowhere': .*setAttachTarget\(\), or leave the program out \(autoload = false\)$/,
  );
});

test('a section that libbpf does not know', () => {
  expect(thrownBy(() => load('many', 'misspelt')).message).toMatch(
    /: libbpf does not know the section name 'kprobes' \(did you mean 'kprobe'\?\)/,
  );
});

const old = isOlder(kernel.release, '7.0');
const name = 'a kind of program that the kernel does not know: no verdict of the verifier';
(old ? test : test.skip)(old ? name : `${name} (skipped: ${kernel.release} knows fsession)`, () => {
  const { message } = thrownBy(() => load('newer'));
  expect(message).toMatch(
    /the kernel refused program 'newer' \(SEC\("fsession\/vfs_read"\)\) before it looked at its instructions: attachments of type 'trace_fsession' need kernel 7\.0/,
  );
  expect(message).not.toMatch(/verifier/);
});
