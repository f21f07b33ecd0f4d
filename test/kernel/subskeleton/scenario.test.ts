/**
 * The scenario that defines the feature: an application, a library and a second library linked together, used through
 * the first library's subskeleton before and after load. With the object from a file and from memory, with the
 * descriptor of the library alone (externs unresolved) and of both libraries linked.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BpfObject, describe as describeObject, openSubskeleton, type Descriptor } from '../../../lib';
import { compileBpf, ROOT } from '../../support/compile';
import { linkBpf } from '../../support/link';

const out = (name: string): string => path.join(ROOT, 'test/bpf/out', name);

/** Set from user space before load; what the BPF side makes of it. */
const settings = { var1: 1, var2: 2, var3_1: 3, var3_2: 40n, var4: [5, 6, 7, 8], var6: 60, var7: 70 };
/** var5 is 5: the application's strong definition wins over the library's weak one. */
const expected = 1 + 2 + 3 + 40 + (5 + 6 + 7 + 8) + 5 + 60 + 100 + 1000;

const finals = { 'strong before weak': ['app', 'lib', 'lib2'], 'weak before strong': ['lib2', 'lib', 'app'] };
const sources = {
  file: (file: string): string => file,
  memory: (file: string): Uint8Array => readFileSync(file),
};

describe.each(Object.entries(finals))('%s', (order, inputs) => {
  const final = out(`scenario.${order.replaceAll(' ', '_')}.linked.o`);
  const library = out('scenario.libraries.linked.o');

  beforeAll(async () => {
    const objects = Object.fromEntries(
      ['app', 'lib', 'lib2'].map((name) => [name, compileBpf(`scenario_${name}`)]),
    );
    await linkBpf(
      final,
      inputs.map((name) => objects[name]!),
    );
    await linkBpf(library, [objects['lib']!, objects['lib2']!]);
  });

  describe.each(Object.entries(sources))('opened from %s', (_, source) => {
    test.each([
      ['the library alone', () => describeObject(compileBpf('scenario_lib')), 'externs'],
      ['both libraries linked', () => describeObject(library), 'data'],
    ] as const)('through the descriptor of %s', (_, descriptor: () => Descriptor, var6Group) => {
      const object = BpfObject.open(source(final));
      try {
        scenario(object, descriptor(), var6Group);
      } finally {
        object.close();
      }
    });
  });
});

function scenario(object: BpfObject, descriptor: Descriptor, var6Group: string): void {
  const before = openSubskeleton(object, descriptor) as any;
  before.rodata.var1.value = settings.var1;
  before.data.var2.value = settings.var2;
  before.bss.var3.write({ var3_1: settings.var3_1, var3_2: settings.var3_2 });
  before.bss.var4.value.set(settings.var4);
  before[var6Group].var6.value = settings.var6;
  before.data_custom.var7.value = settings.var7;
  expect(() => before.kconfig.CONFIG_BPF_SYSCALL.value).toThrow(/known after load/);
  before.close();
  expect(() => before.rodata).toThrow(/closed/);

  object.section('.rodata').variables.get('target_pid')!.value = process.pid;
  object.load();
  object.program('handler1').attach();
  process.getuid!();
  readFileSync('/dev/null');

  const after = openSubskeleton(object, descriptor) as any;
  expect(after.bss.libout1.value).toBe(expected);
  expect(object.section('.bss').variables.get('out1')!.value).toBe(expected);
  expect(after.rodata.var1.value).toBe(settings.var1);
  expect(after.data.var2.value).toBe(settings.var2);
  expect(after.bss.var3.value.var3_1).toBe(settings.var3_1);
  expect(after.bss.var3.read()).toEqual({ var3_1: settings.var3_1, var3_2: settings.var3_2 });
  expect([...after.bss.var4.value]).toEqual(settings.var4);
  expect(after.data.var5.value).toBe(5);
  expect(after[var6Group].var6.value).toBe(settings.var6);
  expect(after.data_custom.var7.value).toBe(settings.var7);
  expect(after.bss.fn_ptr.value).toBe(0n);
  expect(after.kconfig.CONFIG_BPF_SYSCALL.value).toBe(true);
  expect(after.kconfig.LINUX_KERNEL_VERSION.value).toBeGreaterThan(0x05_00_00);

  expect(after.maps.map1.get(1)).toBeUndefined();
  expect(after.maps.map2.get(1)).toBe(2);
  expect(Object.keys(after.maps).sort()).toEqual(
    ['map1', 'map2', 'bss', 'data', 'data_custom', 'kconfig', 'rodata'].sort(),
  );
  for (const map of Object.values(after.maps)) expect((map as { fd: number }).fd).toBeGreaterThan(0);
  // A routine in .text is a subprogram, not a program.
  expect(Object.keys(after.progs)).toEqual(['lib_perf_handler']);
  expect(after.progs.lib_perf_handler.fd).toBeGreaterThan(0);
}
