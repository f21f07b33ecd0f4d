/** `struct bpf_insn` (linux/bpf.h). */
import { viewOf } from '../../util/bytes';

export interface BpfInstruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  /** Signed. */
  readonly offset: number;
  /** Signed. The second of the two that load 64 bits (code 0x18) has code 0. */
  readonly imm: number;
}

export function decodeInstructions(bytes: Uint8Array): BpfInstruction[] {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length >> 3 }, (_, i) => {
    const at = i * 8;
    const registers = view.getUint8(at + 1);
    return {
      code: view.getUint8(at),
      dst: registers & 0xf,
      src: registers >> 4,
      offset: view.getInt16(at + 2, true),
      imm: view.getInt32(at + 4, true),
    };
  });
}
