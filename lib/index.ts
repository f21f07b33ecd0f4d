/** The only public door. Everything exported here is documented, tested and under semantic versioning. */
import './util/primordials';
export { BpfObject } from './runtime/object/bpf-object';
export { LoadedObject } from './runtime/loaded/loaded-object';
export type { LoadedProgramOptions, MapSource, ProgramSource } from './runtime/loaded/loaded-object';
export type { LoadedSection } from './runtime/loaded/loaded-section';
export type { OpenOptions } from './runtime/object/open-options';
export type { LogLevel } from './native/surface/addon';
export { BpfMap } from './runtime/map/bpf-map';
export type { CreatedMap } from './runtime/map/created-map';
export type { EitherInt64, Int64Map, Int64Variants } from './runtime/map/int64-map';
export type { ScalarName, WideName } from './runtime/map/scalar-types';
export type { RawBatch } from './runtime/map/elements/walk';
export * from './uapi/map-flags';
export { prefixKey, prefixOf } from './runtime/map/elements/prefix-key';
export { Pidfd, type PidfdOptions } from './runtime/map/pidfd';
export type { MapInfo } from './runtime/map/map-info';
export type { ElementVariable } from './runtime/map/map-memory';
export type { BatchOptions } from './runtime/map/elements/batch-reader';
export type { CreateMapOptions, ElementType, OpenMapOptions, TypedMapOptions } from './runtime/map/open-map';
export { BpfProgram } from './runtime/program/bpf-program';
export type { BpfInstruction } from './runtime/program/instructions';
export type { JitedFunction, ProgramInfo } from './runtime/program/program-info';
export { ProgramCode, type SourceLine } from './runtime/program/program-code';
export {
  BPF_F_TEST_RUN_ON_CPU,
  BPF_F_TEST_XDP_LIVE_FRAMES,
  type TestRunOptions,
  type TestRunResult,
} from './runtime/program/test-run';
export type {
  CookieOptions,
  KprobeMultiOptions,
  KprobeOptions,
  KsyscallOptions,
  ProcessOptions,
  UprobeMultiOptions,
  UprobeOptions,
  UsdtOptions,
} from './runtime/attach/attach-tracing';
export type { ProbeMode } from './native/surface/attach';
export type {
  AttachTypeOptions,
  CgroupOptions,
  NetfilterOptions,
  NetkitOptions,
  TcxOptions,
  XdpOptions,
} from './runtime/attach/attach-network';
export { Sampling, type SampleOptions } from './runtime/attach/sampling';
export { SocketAttachment, type SocketOptions } from './runtime/attach/attach-socket';
export type { AnyProgram } from './runtime/attach/attachable';
export type { AttachType } from './uapi/attach-types';
export type { ErrnoName } from './uapi/errno';
export type { OrNewer } from './uapi/kind-table';
export type { LinkType } from './uapi/link-types';
export type { MapTraits, MapTraitsOf, MapType } from './uapi/map-types';
export type { ProgramType } from './uapi/program-types';
export type { CgroupOrder, IterOptions } from './runtime/attach/attach-iter';
export type { LinkPosition, Neighbour } from './runtime/attach/link-position';
export { BpfLink, type LinkTarget } from './runtime/link/bpf-link';
export type {
  CgroupLinkInfo,
  InterfaceLinkInfo,
  IterLinkInfo,
  KprobeMultiLinkInfo,
  LinkInfo,
  NetfilterLinkInfo,
  NetnsLinkInfo,
  PerfEventLinkInfo,
  RawTracepointLinkInfo,
  SockmapLinkInfo,
  StructOpsLinkInfo,
  TracingLinkInfo,
  UprobeMultiLinkInfo,
  XdpLinkInfo,
} from './runtime/link/link-info';
export { BpfIterator, type IteratorRecordsOptions } from './runtime/link/bpf-iterator';
export {
  PerfEvent,
  type PerfEventCount,
  type PerfEventName,
  type PerfEventOptions,
} from './runtime/attach/perf-event';
export { RunStatistics, enableStats } from './runtime/program/run-statistics';
export {
  TcFilter,
  TcHook,
  type TcAttachOptions,
  type TcDirection,
  type TcOptions,
} from './runtime/hooks/tc-hook';
export {
  PerfBuffer,
  RingBuffer,
  type PerfBufferConstructor,
  type RingBufferConstructor,
} from './events/reader/readers';
export type { RingState } from './events/reader/ring-buffer';
export type { PerfBufferOptions } from './events/reader/perf-buffer';
export { UserRingBuffer, type UserRingBufferOptions } from './events/writer/user-ring-buffer';
export { UserSample } from './events/writer/user-sample';
export { RecordBatch } from './events/record/record-batch';
export { RecordView } from './events/record/record-view';
export { RecordArray } from './events/record/record-array';
export type { ReaderOptions, RecordOptions, RecordReader } from './events/reader/record-reader';
export type { RecordType, TaggedRecords } from './events/record/record-form';
export type { RecordMap } from './events/reader/record-map';
export type { StreamOptions } from './events/reader/record-stream';
export type { MapRecords, MapRecordsOptions } from './events/reader/map-records';
export type {
  ByInt64,
  Int64Kind,
  KnownRecords,
  RecordOf,
  RecordTypeOf,
  TypedDecode,
  TypedRecords,
  UnknownRecords,
} from './events/reader/typed-records';
export type { RecordsMap } from './runtime/map/records-map';
export type { Batch, RecordArrayOf, RecordViewMethods, RecordViewOf } from './events/reader/types';
export { Btf, type BtfBytesOptions, type BtfOptions, type TypeReference } from './btf/api/btf';
export type {
  BtfArray,
  BtfDeclarationTag,
  BtfEnum,
  BtfFloat,
  BtfForward,
  BtfFunction,
  BtfInt,
  BtfModifier,
  BtfPointer,
  BtfPrototype,
  BtfSection,
  BtfStruct,
  BtfType,
  BtfTypeOf,
  BtfUnknown,
  BtfVariable,
  BtfVoid,
} from './btf/api/btf-types';
export type { BtfMember, BtfParameter, BtfSectionEntry } from './btf/api/btf-members';
export type { Kind, Linkage, RawEnumerator } from './btf/records/records';
export type {
  ArrayType,
  BoolType,
  CharType,
  EnumConstant,
  EnumType,
  FloatType,
  IntType,
  Member,
  PointerType,
  StructType,
  Type,
} from './btf/layout/layout-model';
export type { DecodeOptions, EncodeOptions } from './btf/api/btf-type';
export type { ValueFormat } from './btf/print/print-value';
export {
  ProgramAttachment,
  queryAttached,
  type AttachedPrograms,
  type AttachTarget,
  type ProgramAttachmentOptions,
  type QueryOptions,
} from './runtime/hooks/prog-attach';
export {
  XdpAttachment,
  type XdpAttachmentOptions,
  type XdpFeature,
  type XdpQuery,
} from './runtime/hooks/xdp-attachment';
export { queryTaskFd, type TaskFd } from './runtime/kernel/task-fd';
export { kernel, type BtfInfo } from './runtime/kernel/kernel';
export type { Answer, KernelFeatures } from './runtime/kernel/features';
export type { Capability } from './native/failure/privileges';
export {
  programStream,
  readProgramStream,
  type ProgramStreamName,
  type ProgramStreamOptions,
} from './runtime/program/program-stream';
export { Section } from './runtime/section/section';
export type { SharedMapToken } from './runtime/map/shared-map';
export { SharedSection, type SharedSectionToken } from './runtime/section/shared-section';
export {
  StructOps,
  type StructOpsFunction,
  type StructOpsInput,
  type StructOpsMembers,
} from './runtime/object/struct-ops';
export { openSubskeleton, type AnySubskeleton } from './subskeleton/open';
export { defineSubskeleton } from './subskeleton/define';
export { defineSkeleton } from './subskeleton/skeleton';
export type {
  CheckLevel,
  Int64Option,
  ObjectOptions,
  Skeleton,
  SkeletonFactory,
  SkeletonObject,
  SkeletonOptions,
  SkeletonSource,
  Subskeleton,
  SubskeletonFactory,
  ObjectHolder,
  SubskeletonOptions,
} from './subskeleton/types';
export { describe, type DescribeOptions } from './descriptor/read/from-object';
export { linkObjects, type LinkOptions } from './linker';
export { validateDescriptor } from './descriptor/validate/validate';
export type {
  ArrayDescription,
  BoolDescription,
  CharDescription,
  Descriptor,
  EnumDescription,
  FloatDescription,
  FunctionDescription,
  InnerMapDescription,
  IntDescription,
  KsymDescription,
  MapDescription,
  MemberDescription,
  PackageDescription,
  PointerDescription,
  ProgramDescription,
  StructDescription,
  TypeDescription,
  TypeRef,
  VariableDescription,
} from './descriptor/types';
export { CharArray } from './btf/codec/char-array';
export { nameOf } from './util/name-of';
export { ArrayView, StructView, atomicOf, readView, toJSON, writeView } from './memory/variable/views';
// Its ArrayView and StructView, the types that views have in generated modules, are called as the classes above are.
export type {
  ArrayVariable,
  Atomic,
  AtomicMember,
  AtomicOf,
  BigIntVariable,
  BooleanVariable,
  ChangesOptions,
  CharArrayVariable,
  Input,
  Int128Variable,
  Int32Variable,
  NumberVariable,
  StructVariable,
  Uint32Variable,
  Variable,
  VariableInfo,
  View,
  ViewMethods,
  ViewOf,
  WaitOptions,
} from './memory/types';
export * from './errors';
