/** The only public door. Everything exported here is documented, tested and under semantic versioning. */
export { BpfObject, type OpenOptions } from './runtime/bpf-object';
export { BpfMap, BPF_ANY, BPF_EXIST, BPF_NOEXIST } from './runtime/bpf-map';
export { BpfProgram, type TestRunOptions, type TestRunResult } from './runtime/bpf-program';
export { BpfLink } from './runtime/bpf-link';
export { Section } from './runtime/section';
export {
  StructOps,
  type StructOpsFunction,
  type StructOpsInput,
  type StructOpsMembers,
} from './runtime/struct-ops';
export { openSubskeleton, type AnySubskeleton } from './subskeleton/open';
export { defineSubskeleton } from './subskeleton/define';
export { defineSkeleton } from './subskeleton/skeleton';
export type * from './subskeleton/types';
export { describe } from './descriptor/from-object';
export { linkObjects, type LinkOptions } from './link';
export type * from './memory/types';
export { validateDescriptor } from './descriptor/validate';
export type * from './descriptor/types';
export { CharArray } from './btf/char-array';
export { ArrayView, StructView, atomicOf, readView, toJSON, writeView } from './memory/views';
export type {
  ArrayVariable,
  Atomic,
  BigIntVariable,
  BooleanVariable,
  CharArrayVariable,
  Input,
  Int128Variable,
  Int32Variable,
  NumberVariable,
  StructVariable,
  Variable,
  VariableInfo,
  View,
} from './memory/types';
export * from './errors';
