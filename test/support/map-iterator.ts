/** Tests of SEC("iter/bpf_map_elem"), which some builds of a kernel refuse to root too: the kernel is asked before. */
import { BpfError, BpfObject } from '../../lib';
import { compileBpf } from './compile';

function whyRefused(): string | undefined {
  const object = BpfObject.open(compileBpf('attach'));
  try {
    for (const program of object.programs.values()) program.autoload = program.name === 'iter_map';
    object.load();
    return undefined;
  } catch (error) {
    // Another answer is for the test to fail with.
    if (!(error instanceof BpfError) || error.code !== 'EPERM') return undefined;
    return 'this kernel refuses iter/bpf_map_elem with EPERM';
  } finally {
    object.close();
  }
}

/** A test that walks a map in the kernel; where that is forbidden, it is skipped and says so in its name. */
export function testMapIterator(name: string, run: () => void): void {
  const why = whyRefused();
  if (why === undefined) test(name, run);
  else test.skip(`${name} (skipped: ${why})`, run);
}
