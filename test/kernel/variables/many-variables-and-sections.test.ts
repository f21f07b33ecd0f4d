/** Large objects: thousands of variables, a thousand sections. */
import { BpfObject, describe as describeObject, openSubskeleton, type AnySubskeleton } from '../../../lib';
import { compileBpfSource } from '../../support/compile';

const LICENSE = 'char LICENSE[] __attribute__((section("license"))) = "GPL";';
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function withPart(text: string, name: string, use: (object: BpfObject, part: AnySubskeleton) => void): void {
  const file = compileBpfSource(`${text}\n${LICENSE}\n`, name);
  const object = BpfObject.open(file);
  try {
    use(object, openSubskeleton(object, describeObject(file)));
  } finally {
    object.close();
  }
}

test('5,000 variables in one section', () => {
  const text = numbers(5000)
    .map((i) => `volatile int v${i} = ${i + 1};`)
    .join('\n');
  withPart(text, 'large_variables', (object, part) => {
    const group = part['data']!;
    expect(numbers(5000).every((i) => group[`v${i}`]!.value === i + 1)).toBe(true);
    group['v4999']!.value = -7;
    object.load();
    expect([group['v0']!.value, group['v4999']!.value]).toEqual([1, -7]);
  });
});

test('1,000 sections', () => {
  const text = numbers(1000)
    .map((i) => `volatile int v${i} __attribute__((section(".data.s${i}"))) = ${i + 1};`)
    .join('\n');
  withPart(text, 'large_sections', (object, part) => {
    expect(object.sections.size).toBe(1000);
    expect(numbers(1000).every((i) => part[`data_s${i}`]![`v${i}`]!.value === i + 1)).toBe(true);
    part['data_s999']!['v999']!.value = -7;
    object.load();
    expect([part['data_s0']!['v0']!.value, part['data_s999']!['v999']!.value]).toEqual([1, -7]);
  });
});
