/** What the kernel runs of a program, and the lines of source that it was made of (`struct bpf_prog_info`). */
import { RawBtf } from '../../btf/records/record-table';
import { viewOf } from '../../util/bytes';
import { checkInteger } from '../../util/check';
import { loadAddon } from '../../native/load/load';
import type { NativeProgramCode } from '../../native/surface/program';
import { decodeInstructions, type BpfInstruction } from './instructions';
import type { JitedFunction } from './program-info';

/** A line of source, and where its instructions begin. */
export interface SourceLine {
  /** The first of its instructions: an index into `xlated`. */
  readonly instruction: number;
  /** Where its machine code begins; undefined without JIT, and where the process may not see addresses. */
  readonly address: bigint | undefined;
  readonly file: string;
  /** From 1; line and column are 0 where the compiler did not say. */
  readonly line: number;
  readonly column: number;
  /** The line itself. */
  readonly text: string;
}

/** Columns are the lower ten bits (BPF_LINE_INFO_LINE_COL). */
const COLUMN_BITS = 10;
const COLUMN_MASK = 0x3ff;
/** The kernel's `struct bpf_line_info`; later ones may be longer. */
const LINE_SIZE = 16;

/** A program as it is in the kernel. Parts are empty where the kernel does not have them, or does not let this process see them. */
export class ProgramCode {
  /** The instructions as the verifier left them; 0 stands for addresses of the kernel's. */
  readonly xlated: readonly BpfInstruction[];
  /** The machine code of its functions, one after the other. */
  readonly jited: Uint8Array;
  /** Those functions, itself first. */
  readonly functions: readonly JitedFunction[];
  readonly #code: NativeProgramCode;
  #lines: readonly SourceLine[] | undefined;

  /** @internal */
  constructor(code: NativeProgramCode, functions: readonly JitedFunction[]) {
    this.#code = code;
    this.xlated = decodeInstructions(code.translated);
    this.jited = code.machine;
    this.functions = functions;
  }

  /** The lines of source, by instruction. From the program's BTF: CAP_SYS_ADMIN, kernel 5.0. @throws BpfError EPERM */
  get lines(): readonly SourceLine[] {
    return (this.#lines ??= this.#decodeLines());
  }

  /**
   * The line of source that an instruction (a number: its index in `xlated`) or an address in the machine code (a bigint:
   * of a stack) belongs to. bpf_prog_linfo__lfind, bpf_prog_linfo__lfind_addr_func
   */
  lineAt(place: number | bigint): SourceLine | undefined {
    if (typeof place === 'bigint') return this.#lineOfAddress(place);
    checkInteger(place, 'place', 0, 0xffff_ffff);
    if (this.xlated.length > 0 && place >= this.xlated.length) return undefined;
    return this.lines.findLast(({ instruction }) => instruction <= place);
  }

  #lineOfAddress(place: bigint): SourceLine | undefined {
    const inside = this.functions.find(
      ({ address, length }) => place >= address && place < address + BigInt(length),
    );
    if (inside === undefined) return undefined;
    return this.lines.findLast(
      ({ address }) => address !== undefined && address >= inside.address && address <= place,
    );
  }

  #decodeLines(): SourceLine[] {
    const { btfId, lines, lineSize, addresses, addressSize } = this.#code;
    if (btfId === 0 || lineSize < LINE_SIZE || lines.length === 0) return [];
    const btf = RawBtf.parse(loadAddon().btfById(btfId, true).bytes, `BTF ${String(btfId)}`);
    const view = viewOf(lines);
    const places = viewOf(addresses);
    const hasAddress = (i: number): boolean => addressSize === 8 && (i + 1) * 8 <= addresses.length;
    return Array.from({ length: Math.floor(lines.length / lineSize) }, (_, i) => {
      const at = i * lineSize;
      const position = view.getUint32(at + 12, true);
      return {
        instruction: view.getUint32(at, true),
        address: hasAddress(i) ? places.getBigUint64(i * 8, true) : undefined,
        file: btf.textAt(view.getUint32(at + 4, true)),
        line: position >>> COLUMN_BITS,
        column: position & COLUMN_MASK,
        text: btf.textAt(view.getUint32(at + 8, true)).trim(),
      };
    });
  }
}
