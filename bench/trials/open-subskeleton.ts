/** openSubskeleton against a C program that does what bpftool's generated code does, with the same libbpf. */
import { BpfObject, describe, openSubskeleton } from '../../lib';
import { compileBpfSource } from '../../test/support/compile';
import { compare, median, time, type Measured } from '../measure';
import { runReference } from '../reference';

function variables(count: number): string {
  const declarations = Array.from({ length: count }, (_, i) => `volatile int v${i} = ${i + 1};`);
  return `${declarations.join('\n')}\nchar LICENSE[] __attribute__((section("license"))) = "GPL";\n`;
}

const file = (count: number): string => compileBpfSource(variables(count), `bench_variables_${count}`);

/** Again and again on one object, as the C reference does. */
function opening(count: number, rounds: number, bar: number): Measured {
  const descriptor = describe(file(count));
  const object = BpfObject.open(file(count));
  const ours = (): number => {
    const times = Array.from({ length: rounds }, () =>
      time(() => {
        openSubskeleton(object, descriptor).close();
      }),
    );
    return median(times) / 1000;
  };
  ours();
  const reference = (): number =>
    runReference('open_subskeleton', [file(count), '.data', count, rounds]) / 1000;
  const result = compare(`openSubskeleton, ${count} variables / C`, 7, ours, reference, 'µs', bar);
  object.close();
  return result;
}

/** The first time on an object: its BTF is read, its variables are made. */
function firstOpening(count: number, rounds: number, bar?: number): Measured {
  const descriptor = describe(file(count));
  const ours = (): number => {
    const times = Array.from({ length: rounds }, () => {
      const object = BpfObject.open(file(count));
      const taken = time(() => openSubskeleton(object, descriptor));
      object.close();
      return taken;
    });
    return median(times) / 1000;
  };
  ours();
  const reference = (): number =>
    runReference('open_subskeleton', [file(count), '.data', count, rounds]) / 1000;
  return compare(`openSubskeleton, first on an object, ${count} / C`, 7, ours, reference, 'µs', bar);
}

export function run(): Measured[] {
  return [opening(100, 2000, 2), firstOpening(100, 200), opening(5000, 20, 1), firstOpening(5000, 20, 1)];
}
