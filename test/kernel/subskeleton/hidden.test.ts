/** Libraries that share hidden variables: the linker resolves them, and libbpf takes them for static. */
import path from 'node:path';
import { BpfObject, describe as describeObject, openSubskeleton } from '../../../lib';
import { compileBpfSource, ROOT } from '../../support/compile';
import { linkBpf } from '../../support/link';

const PRELUDE = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n';
const compiled = (name: string, text: string): string =>
  compileBpfSource(`${PRELUDE}${text}\nchar LICENSE[] SEC("license") = "GPL";`, `hidden_${name}`);

test('both open on the object that they are linked into', async () => {
  const definer = compiled(
    'definer',
    '__hidden __u64 shared; __u64 seen; SEC("syscall") int a(void *ctx) { return (int)(seen = ++shared); }',
  );
  const user = compiled(
    'user',
    'extern __hidden __u64 shared; __u64 used; SEC("syscall") int b(void *ctx) { return (int)(used = ++shared); }',
  );
  const file = await linkBpf(path.join(ROOT, 'test/bpf/out', 'hidden.linked.o'), [definer, user]);
  const object = BpfObject.open(file);
  const parts = [definer, user].map((library) => openSubskeleton(object, describeObject(library))) as any[];
  expect(parts.map(({ bss }) => Object.keys(bss))).toEqual([['seen'], ['used']]);
  object.load();
  parts[0].progs.a.testRun();
  parts[1].progs.b.testRun();
  expect([parts[0].bss.seen.value, parts[1].bss.used.value]).toEqual([1n, 2n]);
  object.close();
});
