/** The variables of an object that its descriptor has not, and why: for people who look for them. */
export interface LeftOutVariable {
  readonly name: string;
  /** Absent for what is only declared. */
  readonly section?: string;
  readonly reason: string;
  /** User space could reach it, but not with this package: nothing is generated of such an object. */
  readonly refused?: true;
}

export const HIDDEN = 'hidden: the linker finds it, and libbpf takes it for static';
export const INCOMPLETE = 'its type is only declared here: include the header that defines it';
export const PER_CPU =
  "per-CPU data needs libbpf 1.8, and this package's is older: use a map of type percpu_array";
