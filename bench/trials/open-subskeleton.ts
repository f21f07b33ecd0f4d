/** openSubskeleton against a C program that does what bpftool's generated code does, with the same libbpf. */
import { BpfObject, describe, openSubskeleton } from '../../lib';
import { compileBpfSource } from '../../test/support/compile';
import { compare, median, time, type Measured } from '../measure';
import { runReference } from '../reference';

function variables(count: number): string {
  const declarations = Array.from({ length: count }, (_, i) => `volatile int v${i} = ${i + 1};`);
  return `${declarations.join('\n')}\nchar LICENSE[] __attribute__((section("license"))) = "GPL";\n`;
}

function opening(count: number, rounds: number, bar: number): Measured {
  const file = compileBpfSource(variables(count), `bench_variables_${count}`);
  const descriptor = describe(file);
  const object = BpfObject.open(file);
  const ours = (): number => {
    const times = Array.from({ length: rounds }, () =>
      time(() => openSubskeleton(object, descriptor).close()),
    );
    return median(times) / 1000;
  };
  ours();
  const reference = (): number => runReference('open_subskeleton', [file, '.data', count, rounds]) / 1000;
  const result = compare(`openSubskeleton, ${count} variables / C`, 7, ours, reference, 'µs', bar);
  object.close();
  return result;
}

export function run(): Measured[] {
  return [opening(100, 2000, 2), opening(5000, 20, 1)];
}
