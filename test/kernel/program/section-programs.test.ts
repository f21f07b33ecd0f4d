/** What `inspect` takes a section for, against what libbpf takes it for. */
import { BpfObject } from '../../../lib';
import { KNOWN_SECTIONS, programOfSection } from '../../../lib/uapi/section-programs';
import { loadAddon } from '../../../lib/native/load/load';
import { compileBpfSource } from '../../support/compile';

/** fsession came with libbpf 1.7, uprobe.session with 1.6. */
const [, minor = 0] = loadAddon().libbpfVersion.split('.').map(Number);
const isKnown = (section: string): boolean =>
  (minor >= 7 || !section.startsWith('fsession')) && (minor >= 6 || !section.startsWith('uprobe.session'));

// With something behind each, too: libbpf then takes some for what they are without, and knows others no more.
const sections = KNOWN_SECTIONS.filter(isKnown).flatMap((section) => [
  section,
  `${section}/more`,
  `?${section}`,
]);

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
${sections.map((section, i) => `SEC("${section}") int p${String(i)}(void *ctx) { return 0; }`).join('\n')}
char LICENSE[] SEC("license") = "GPL";
`;

test('every section', () => {
  const object = BpfObject.open(compileBpfSource(SOURCE, 'sections'));
  try {
    const expected = sections.map((section, i) => {
      const { type, expectedAttachType, autoload } = object.program(`p${String(i)}`);
      return { section, type, expectedAttachType, autoload };
    });
    const ours = sections.map((section) => {
      const found = programOfSection(section);
      return {
        section,
        type: found?.programType ?? 'unspec',
        // The first of the enum: what programs have that need none.
        expectedAttachType: found?.attachType ?? 'cgroup_inet_ingress',
        autoload: !section.startsWith('?'),
      };
    });
    expect(ours).toEqual(expected);
  } finally {
    object.close();
  }
});
