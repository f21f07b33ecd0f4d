/** A subskeleton on what is loaded already, found by a program's id, against the first one on an object of one's own. */
import { BpfObject, describe, LoadedObject, openSubskeleton } from '../../lib';
import { compileBpfSource } from '../../test/support/compile';
import { compare, median, time, type Measured } from '../measure';

const COUNT = 100;

const source = (): string => {
  const names = Array.from({ length: COUNT }, (_, i) => `v${String(i)}`);
  return `${names.map((name) => `volatile int ${name} = 1;`).join('\n')}
__attribute__((section("syscall"))) int all(void *ctx) { return ${names.join(' + ')}; }
char LICENSE[] __attribute__((section("license"))) = "GPL";\n`;
};

export function run(): Measured[] {
  const file = compileBpfSource(source(), 'bench_loaded');
  const descriptor = describe(file);
  const opened = BpfObject.open(file);
  opened.load();
  const { id } = opened.program('all').info();
  const ours = (): number => {
    const times = Array.from({ length: 200 }, () => {
      let loaded: LoadedObject | undefined;
      const taken = time(() => {
        loaded = LoadedObject.fromProgram(id);
        openSubskeleton(loaded, descriptor);
      });
      loaded?.close();
      return taken;
    });
    return median(times) / 1000;
  };
  const reference = (): number => {
    const times = Array.from({ length: 200 }, () => {
      const object = BpfObject.open(file);
      const taken = time(() => openSubskeleton(object, descriptor));
      object.close();
      return taken;
    });
    return median(times) / 1000;
  };
  ours();
  reference();
  const opening = compare('by program id, 100 variables / first on an object', 7, ours, reference, 'µs', 3);
  const loaded = LoadedObject.fromProgram(id);
  const theirs = loaded.section('.data').variables.get('v7') as { value: number };
  const own = opened.section('.data').variables.get('v7') as { value: number };
  const reading = compare(
    '.value of such a variable / of an object’s own',
    7,
    reads(theirs),
    reads(own),
    'ns',
    1.2,
  );
  loaded.close();
  opened.close();
  return [opening, reading];
}

/** A million reads, in nanoseconds each. */
const reads = (variable: { value: number }) => (): number => {
  let sum = 0;
  const taken = time(() => {
    for (let i = 0; i < 1_000_000; i++) sum += variable.value;
  });
  if (sum < 0) throw new Error('the variable is 1');
  return taken / 1_000_000;
};
