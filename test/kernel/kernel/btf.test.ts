/** The kernel's own BTF: found, printed and decoded by us, and held against libbpf and the compiler. */
import { Btf, BpfObject, kernel, type BtfType } from '../../../lib';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { compileBpf } from '../../support/compile';
import { libbpfValues, type ValueJob } from '../../support/libbpf-values';

const KERNEL = '/sys/kernel/btf/vmlinux';
const vmlinux = Btf.vmlinux();

test('vmlinux is read once', () => {
  expect(Btf.vmlinux()).toBe(vmlinux);
  expect(Btf.module('vmlinux')).toBe(vmlinux);
  expect(vmlinux.length).toBeGreaterThan(10_000);
});

test('types of the kernel', () => {
  const task = vmlinux.type('struct task_struct');
  expect(task.kind).toBe('struct');
  expect(task.member('pid')?.type.toString()).toBe('pid_t');
  expect(task.member('comm')?.type.size).toBe(16);
  expect(vmlinux.type('enum bpf_prog_type')).toMatchObject({ kind: 'enum' });
  expect(vmlinux.find('vfs_read', 'func')?.declaration()).toMatch(/^ssize_t vfs_read\(struct file \*file, /);
  expect(vmlinux.find('struct no_such_struct')).toBeUndefined();
  expect(() => vmlinux.type('struct task_strct')).toThrow(/did you mean 'struct task_struct'/);
  expect(() => vmlinux.type('task_struct')).toThrow(/did you mean 'struct task_struct'/);
});

test('by id: the same as the file', () => {
  const byId = Btf.fromId(1);
  expect(byId.name).toBe("BTF 1 'vmlinux'");
  expect(byId.length).toBe(vmlinux.length);
  expect(byId.type('struct task_struct').id).toBe(vmlinux.type('struct task_struct').id);
  expect(() => Btf.fromId(0xffff_fff0)).toThrow(
    expect.objectContaining({ code: 'ENOENT', syscall: 'bpf_btf_get_fd_by_id' }),
  );
});

test("a loaded object's BTF by id, and of the object", () => {
  const object = BpfObject.open(compileBpf('addon'));
  try {
    expect(object.btf).toBe(object.btf);
    expect(object.btf.type('run').toString()).toMatch(/run\(/);
    object.load();
    const ours = [...kernel.btfs()].filter(({ id }) => {
      try {
        return Btf.fromId(id).find('run', 'func') !== undefined;
      } catch {
        return false;
      }
    });
    expect(ours.length).toBeGreaterThan(0);
  } finally {
    object.close();
  }
  expect(() => object.btf).toThrow(/is closed/);
});

/** Where libbpf's own state gets in its way: arrays of bytes, arrays of nothing, enums that are not aligned. */
function isPlain(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return type.length > 0 && type.element.size > 1 && isPlain(type.element);
    case 'struct':
    case 'union':
      return type.members.every(({ type: inner }) => isPlain(inner));
    case 'float':
      return false;
    default:
      return true;
  }
}

const layoutOf = (type: BtfType): Type | undefined => {
  try {
    return type.layout;
  } catch {
    return undefined;
  }
};

test('values as C: what libbpf prints for random bytes of every eleventh type', () => {
  const options = [{}, { compact: true }, { skipNames: true }, { compact: true, skipNames: true }];
  let seed = 20_26;
  const random = (): number => ((seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 16) & 0xff;
  const jobs: (ValueJob & { readonly type: BtfType })[] = [];
  for (const type of vmlinux.types()) {
    if (type.id % 11 !== 0 || type.kind === 'func' || type.kind === 'var') continue;
    const layout = layoutOf(type);
    if (layout === undefined || layout.size === 0 || layout.size > 4096 || !isPlain(layout)) continue;
    const bytes = Uint8Array.from({ length: layout.size }, () => (random() < 100 ? 0 : random()));
    jobs.push({ id: type.id, type, bytes, options: { ...options[jobs.length % 4], emitZeroes: true } });
  }
  expect(jobs.length).toBeGreaterThan(1000);
  // libbpf 1.7 forgets the comma after values of signed enums that have no name, numbers types of one name, and has its
  // own spaces.
  const normal = (text: string): string =>
    text
      .replaceAll('(nil)', '0x0')
      .replace(/___\d+\b/g, '')
      .replace(/[\s,]/g, '');
  const theirs = libbpfValues(KERNEL, jobs);
  const different = jobs.flatMap(({ type, bytes, options: given }, index) => {
    const ours = type.format(bytes, given);
    return normal(ours) === normal(theirs[index] ?? '') ? [] : [[type.toString(), ours, theirs[index]]];
  });
  expect(different).toEqual([]);
}, 60_000);

test('a hole of libbpf: a struct whose first member is zero is left out; not here', () => {
  const type = vmlinux.type('struct sockaddr_in');
  const outer = vmlinux.type('struct vm_area_struct');
  expect(type.format(new Uint8Array(16).fill(1, 2, 4), { compact: true })).toBe(
    '(struct sockaddr_in){.sin_port = (__be16)257,}',
  );
  // .shared.rb: a struct with one pointer member that is zero, and another that is not.
  const shared = outer.member('shared')?.offset ?? -1;
  const rb = outer.member('shared')?.type.resolve();
  if (rb?.kind !== 'struct') throw new Error('vm_area_struct.shared is no struct');
  const bytes = new Uint8Array(outer.size);
  bytes[shared + rb.size - 1] = 1;
  const ours = outer.format(bytes, { compact: true });
  const [theirs] = libbpfValues(KERNEL, [{ id: outer.id, bytes, options: { compact: true } }]);
  expect(ours).toContain('.shared = (struct){');
  expect(theirs).not.toContain('.shared');
});

test('values of large kernel structs, there and back', () => {
  for (const name of ['struct sockaddr_in', 'struct list_head', 'struct tcphdr', 'struct file_operations']) {
    const type = vmlinux.type(name);
    const bytes = Uint8Array.from({ length: type.size ?? 0 }, (_, index) => (index * 7) & 0xff);
    const value = type.decode(bytes);
    expect(type.encode(value)).toHaveLength(bytes.length);
    expect(type.decode(type.encode(value))).toEqual(value);
  }
  const header = vmlinux.decode('struct tcphdr', new Uint8Array(20).fill(0xff)) as Record<string, unknown>;
  expect(header).toMatchObject({ source: 0xffff, syn: 1, doff: 15 });
});
