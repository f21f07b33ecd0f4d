/** The only public door. Everything exported here is documented, tested and under semantic versioning. */
import './primordials';
export { BpfObject } from './runtime/bpf-object';
export type { OpenOptions } from './runtime/open-options';
export { BpfMap } from './runtime/bpf-map';
export type { RawBatch } from './runtime/walkable-map';
export * from './runtime/map-flags';
export { prefixKey, prefixOf } from './runtime/prefix-key';
export { Pidfd, type PidfdOptions } from './runtime/pidfd';
export type { BpfMapInfo } from './runtime/map-base';
export type { ElementVariable } from './runtime/map-memory';
export type { BatchOptions } from './runtime/batch-reader';
export type { CreateMapOptions, ElementType, OpenMapOptions, TypedMapOptions } from './runtime/open-map';
export { BpfProgram } from './runtime/bpf-program';
export type { BpfInstruction } from './runtime/instructions';
export type { JitedFunction, ProgramInfo } from './runtime/program-info';
export { ProgramCode, type SourceLine } from './runtime/program-code';
export {
  BPF_F_TEST_RUN_ON_CPU,
  BPF_F_TEST_XDP_LIVE_FRAMES,
  type TestRunOptions,
  type TestRunResult,
} from './runtime/test-run';
export type * from './runtime/attach-tracing';
export type * from './runtime/attach-network';
export type { CgroupOrder, IterOptions } from './runtime/attach-iter';
export type { LinkPosition, Neighbour } from './runtime/link-position';
export { BpfLink, type LinkTarget } from './runtime/bpf-link';
export type * from './runtime/link-info';
export { BpfIterator } from './runtime/bpf-iterator';
export {
  PerfEvent,
  type PerfEventCount,
  type PerfEventName,
  type PerfEventOptions,
} from './runtime/perf-event';
export { RunStatistics, enableStats } from './runtime/run-statistics';
export { TcFilter, TcHook, type TcAttachOptions, type TcDirection, type TcOptions } from './runtime/tc-hook';
export { RingBuffer, type RingState } from './events/ring-buffer';
export { PerfBuffer, type PerfBufferOptions } from './events/perf-buffer';
export { UserRingBuffer, type UserRingBufferOptions } from './events/user-ring-buffer';
export { UserSample } from './events/user-sample';
export { RecordBatch } from './events/record-batch';
export { RecordView } from './events/record-view';
export type { ReaderOptions, RecordOptions, RecordReader } from './events/record-reader';
export type { RecordType, TaggedRecords } from './events/record-form';
export type { RecordMap } from './events/record-map';
export type { StreamOptions } from './events/record-stream';
export type { Batch, RecordViewMethods, RecordViewOf } from './events/types';
export { Btf, type BtfBytesOptions, type BtfOptions, type TypeReference } from './runtime/btf';
export type * from './btf/btf-types';
export type * from './btf/btf-members';
export type { DecodeOptions, EncodeOptions } from './btf/btf-type';
export type { ValueFormat } from './btf/print-value';
export {
  ProgramAttachment,
  queryAttached,
  type AttachedPrograms,
  type AttachTarget,
  type ProgramAttachmentOptions,
  type QueryOptions,
} from './runtime/attached';
export { XdpAttachment, type XdpAttachmentOptions, type XdpQuery } from './runtime/xdp-attachment';
export { queryTaskFd, type TaskFd } from './runtime/task-fd';
export { kernel, type BtfInfo } from './runtime/kernel';
export type { Answer, KernelFeatures } from './runtime/features';
export {
  programStream,
  readProgramStream,
  type ProgramStreamName,
  type ProgramStreamOptions,
} from './runtime/program-stream';
export { Section } from './runtime/section';
export type { MapHandle } from './runtime/map-handle';
export { SharedSection, type SectionHandle } from './runtime/shared-section';
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
