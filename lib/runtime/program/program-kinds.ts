/** What the kernel has to know to load or attach a program. */
import type { Kinds } from '../../native/failure/needing';
import { ATTACH_KINDS } from '../attach/attach-kinds';

interface Described {
  readonly type: string;
  readonly expectedAttachType: string;
  readonly section: string;
}

/** By the first part of a section's name. */
const BY_SECTION: ReadonlyMap<string, Kinds> = new Map(
  Object.values(ATTACH_KINDS).flatMap(({ call, needs, sections = [] }) =>
    sections.map((section) => [section, { call, needs }] as const),
  ),
);

export function programKinds({ type, expectedAttachType }: Described): Kinds {
  return {
    programType: type,
    // The first of the enum is a cgroup's ingress, and also what all programs have that need none.
    attachType: expectedAttachType === 'cgroup_inet_ingress' ? undefined : expectedAttachType,
  };
}

export function attachKinds(program: Described): Kinds {
  return { ...programKinds(program), ...BY_SECTION.get(program.section.split('/', 1)[0] ?? '') };
}
