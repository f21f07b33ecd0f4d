/** Since when the kernel has something, and what it must be built with. */
export interface Requirement {
  /** The first kernel that has it: '5.8'. */
  readonly kernel: string;
  /** All of them are needed, each as y or m. */
  readonly config: readonly string[];
}

/**
 * The release is the one whose merge window brought it (kernel: `git describe --contains`), not a distribution's
 * backport. An option belongs here when a kernel that is new enough still lacks it without the option (`#ifdef` in
 * linux/bpf_types.h, or `depends on`).
 */
export const since = (kernel: string, ...config: string[]): Requirement => ({ kernel, config });
