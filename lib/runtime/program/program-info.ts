/** What the kernel says of a program (`struct bpf_prog_info`, kernel 4.13). */
import type { OrNewer } from '../../uapi/kind-table';
import { programTypes, type ProgramType } from '../../uapi/program-types';
import type { NativeInfo } from '../../native/surface/handles';
import { viewOf } from '../../util/bytes';

/** A function of a program as the kernel runs it; /proc/kallsyms has it as `bpf_prog_<tag>_<name>`. */
export interface JitedFunction {
  readonly address: bigint;
  /** Bytes. */
  readonly length: number;
}

/** Members that this kernel does not know are 0 or empty. */
export interface ProgramInfo {
  readonly id: number;
  /** enum bpf_prog_type: 'xdp' */
  readonly type: OrNewer<ProgramType>;
  /** 15 characters at most. */
  readonly name: string;
  /** A hash of its instructions, 16 hex digits. */
  readonly tag: string;
  /** When it was loaded, in nanoseconds since boot. */
  readonly loadTime: bigint;
  /** The user that loaded it. */
  readonly createdByUid: number;
  /** The maps that it uses. */
  readonly mapIds: readonly number[];
  /** Bytes of machine code; 0 without JIT. */
  readonly jitedLength: number;
  /**
   * Its functions in machine code, itself first: where they begin and how long they are, for those who look up addresses of stacks
   * (kernel 4.18). Empty where the process may not see them: kernel.kptr_restrict, no CAP_BPF.
   */
  readonly jitedFunctions: readonly JitedFunction[];
  /** Bytes of BPF instructions, as the verifier left them. */
  readonly xlatedLength: number;
  readonly gplCompatible: boolean;
  /** 0 without BTF. */
  readonly btfId: number;
  /** Of a program that is offloaded to a network card. */
  readonly ifindex: number;
  readonly netnsDevice: bigint;
  readonly netnsInode: bigint;
  /** Nanoseconds that it ran, and how often, while statistics were enabled: enableStats(), kernel 5.1. */
  readonly runTime: bigint;
  readonly runCount: bigint;
  /** How often it did not run because it ran already on that CPU. Kernel 5.12 */
  readonly recursionMisses: bigint;
  /** How many instructions the verifier looked at. Kernel 5.16 */
  readonly verifiedInstructions: number;
  /** What fentry, fexit and their like are attached to: the BTF object (0: the kernel's own) and the type in it. Kernel 6.0 */
  readonly attachBtfObjectId: number;
  readonly attachBtfId: number;
}

export function decodeProgramInfo({ bytes, arrays }: NativeInfo): ProgramInfo {
  const view = viewOf(bytes);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  const u64 = (offset: number): bigint => view.getBigUint64(offset, true);
  return {
    id: u32(4),
    type: programTypes.nameOf(u32(0)),
    name: Buffer.from(bytes.subarray(64, 80)).toString('utf8').replace(/\0.*$/s, ''),
    tag: Buffer.from(bytes.subarray(8, 16)).toString('hex'),
    loadTime: u64(40),
    createdByUid: u32(48),
    mapIds: Array.from(arrays[0] ?? [], Number),
    jitedLength: u32(16),
    jitedFunctions: jitedFunctions(arrays[1], arrays[2]),
    xlatedLength: u32(20),
    gplCompatible: (u32(84) & 1) !== 0,
    btfId: u32(128),
    ifindex: u32(80),
    netnsDevice: u64(88),
    netnsInode: u64(96),
    runTime: u64(192),
    runCount: u64(200),
    recursionMisses: u64(208),
    verifiedInstructions: u32(216),
    attachBtfObjectId: u32(220),
    attachBtfId: u32(224),
  };
}

function jitedFunctions(addresses?: BigUint64Array, lengths?: BigUint64Array): JitedFunction[] {
  // All of them 0: the kernel does not let them out.
  if (addresses === undefined || addresses.every((address) => address === 0n)) return [];
  return Array.from(addresses, (address, i) => ({ address, length: Number(lengths?.[i] ?? 0n) }));
}
