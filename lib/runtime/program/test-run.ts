/** Test runs of programs: their options, and contexts that are encoded and decoded by BTF. */
import type { RawBtf } from '../../btf/records/record-table';
import { codecFor } from '../../btf/codec/codec';
import type { Codec } from '../../btf/codec/steps';
import { skipModifiers } from '../../btf/layout/modifiers';
import { resolveType } from '../../btf/layout/resolve';
import { isByteArray, lengthOf } from '../../util/bytes';
import { checkOptions } from '../../util/check';
import { ArgumentError, NotFoundError } from '../../errors';
import type { NativeProgram } from '../../native/surface/program';

export interface TestRunOptions<Context = Uint8Array> {
  /** The packet, for programs that see one. */
  readonly data?: Uint8Array | undefined;
  /** Room for the packet as the program leaves it; default: as much as `data` plus 256 bytes. */
  readonly dataSizeOut?: number | undefined;
  /**
   * The context: its bytes, laid out as the program type's (an array of u64 for raw_tp, any struct for syscall), or an
   * object with the members of `contextType`; those that are left out are 0.
   */
  readonly context?: Context | undefined;
  /**
   * The C type of a context that is an object, by the BTF of the program's object: 'struct args'. By default what the
   * program's first parameter points to.
   */
  readonly contextType?: string | undefined;
  /** How many times to run it; `duration` is the average. Not for every program type. */
  readonly repeat?: number | undefined;
  /** BPF_F_TEST_RUN_ON_CPU, BPF_F_TEST_XDP_LIVE_FRAMES. */
  readonly flags?: number | undefined;
  /** The CPU to run on, with BPF_F_TEST_RUN_ON_CPU (raw_tp: kernel 5.10). */
  readonly cpu?: number | undefined;
  /** Frames in flight at once, with BPF_F_TEST_XDP_LIVE_FRAMES (kernel 5.18); default 64, at most 256. */
  readonly batchSize?: number | undefined;
}

export interface TestRunResult<Context = Uint8Array> {
  /** What the program returned, as an unsigned 32-bit number. */
  readonly retval: number;
  /** Nanoseconds a run, averaged over the repetitions. */
  readonly duration: number;
  /** The packet as the program left it; empty where the program type has none. */
  readonly data: Uint8Array;
  /** The context as the program left it, in the form that it was given; empty bytes where none was. */
  readonly context: Context;
}

/** Runs on `cpu`; kernel 5.10. */
export const BPF_F_TEST_RUN_ON_CPU = 1;
/** Sends what XDP programs say to send, for real: no data come back. Kernel 5.18 */
export const BPF_F_TEST_XDP_LIVE_FRAMES = 2;

const OPTIONS = {
  data: 'bytes',
  dataSizeOut: 'integer',
  context: 'any',
  contextType: 'string',
  repeat: 'integer',
  flags: 'integer',
  cpu: 'integer',
  batchSize: 'integer',
} as const;

/**
 * Program types that refuse a separate context_out (kernel: net/bpf/test_run.c, kernel/bpf/syscall.c): raw_tracepoint,
 * raw_tracepoint_writable, tracing, and syscall, which answers in the buffer of the context itself.
 */
const CONTEXT_IN_PLACE: ReadonlySet<string> = new Set([
  'raw_tracepoint',
  'raw_tracepoint_writable',
  'tracing',
  'syscall',
]);

/** Where the types of a program's context come from: its object's BTF, where there is one. */
export interface ContextTypes {
  readonly program: string;
  readonly btf: () => RawBtf;
}

export function testRun(
  native: NativeProgram,
  type: string,
  options: TestRunOptions<unknown>,
  types: ContextTypes,
): TestRunResult<unknown> {
  checkOptions<TestRunOptions<unknown>>(options, 'testRun options', OPTIONS);
  const { dataSizeOut, context: given, contextType, ...rest } = options;
  if (dataSizeOut !== undefined && options.data === undefined) {
    throw new ArgumentError('testRun options.dataSizeOut needs options.data');
  }
  const live = ((options.flags ?? 0) & BPF_F_TEST_XDP_LIVE_FRAMES) !== 0;
  const dataOut = live
    ? undefined
    : options.data && new Uint8Array(dataSizeOut ?? lengthOf(options.data) + 256);
  const { bytes: context, decode } = encodeContext(given, contextType, types);
  const inPlace = live || CONTEXT_IN_PLACE.has(type);
  const contextOut = inPlace ? undefined : context && new Uint8Array(context.length);
  const result = native.testRun({ ...rest, context, dataOut, contextOut });
  return {
    retval: result.retval,
    duration: result.duration,
    data: dataOut?.subarray(0, result.dataSize) ?? new Uint8Array(0),
    context: decode(contextOut?.subarray(0, result.contextSize) ?? context ?? new Uint8Array(0)),
  };
}

interface EncodedContext {
  readonly bytes: Uint8Array | undefined;
  readonly decode: (bytes: Uint8Array) => unknown;
}

function encodeContext(context: unknown, spelling: string | undefined, types: ContextTypes): EncodedContext {
  const asBytes = (bytes: Uint8Array): unknown => bytes;
  if (context === undefined) return { bytes: undefined, decode: asBytes };
  // A copy: syscall programs write their context back into the very buffer that was handed in.
  if (isByteArray(context)) return { bytes: new Uint8Array(context), decode: asBytes };
  const codec = contextCodec(spelling, types);
  const bytes = new Uint8Array(codec.size);
  codec.write(new DataView(bytes.buffer), 0, context, true);
  const decode = (out: Uint8Array): unknown => {
    // A kernel that knows less of the context hands less back: the rest is as it was given.
    bytes.set(out.subarray(0, bytes.length));
    return codec.read(new DataView(bytes.buffer), 0);
  };
  return { bytes, decode };
}

function contextCodec(spelling: string | undefined, { program, btf: read }: ContextTypes): Codec {
  const btf = read();
  const id = spelling === undefined ? firstParameter(btf, program) : typeByName(btf, spelling);
  if (id !== undefined) return codecFor(resolveType(btf, id));
  if (spelling !== undefined) {
    throw new NotFoundError(`${btf.source} has no type '${spelling}' for testRun options.contextType`);
  }
  throw new ArgumentError(
    `testRun options.contextType is needed: the parameter of program '${program}' points to no struct`,
  );
}

/** What the first parameter of a program points to. */
function firstParameter(btf: RawBtf, program: string): number | undefined {
  const id = btf.findByName(program, 'func');
  const func = id === undefined ? undefined : btf.type(id);
  const prototype = func?.kind === 'func' ? btf.type(func.type) : undefined;
  const [parameter] = prototype?.kind === 'func_proto' ? prototype.parameters : [];
  const pointer = parameter && skipModifiers(btf, parameter.type).target;
  if (pointer?.kind !== 'ptr') return undefined;
  const { kind } = skipModifiers(btf, pointer.type).target;
  return kind === 'struct' || kind === 'union' ? pointer.type : undefined;
}

/** 'struct args', 'union u', or the name of a typedef. */
function typeByName(btf: RawBtf, spelling: string): number | undefined {
  const [, kind, name = ''] = /^\s*(?:(struct|union)\s+)?(\S+)\s*$/.exec(spelling) ?? [];
  return btf.findByName(name, kind === undefined ? 'typedef' : (kind as 'struct' | 'union'));
}
