/** The functions of a kernel that BPF programs may call: those that pahole tags "bpf_kfunc" (kernel 6.9 and later). */
import type { RawBtf } from '../records/record-table';

const KFUNC = 'bpf_kfunc';
/** The kernel saves the registers that the call does not need, as clang's bpf_fastcall assumes. */
const FASTCALL = 'bpf_fastcall';

export interface Kfunc {
  readonly id: number;
  readonly name: string;
  readonly fastcall: boolean;
}

/** By name, byte for byte: ids differ from one build of a kernel to the next. */
export function kfuncsOf(btf: RawBtf): readonly Kfunc[] {
  const kfuncs: Kfunc[] = [];
  for (const id of btf.idsOfKind('func')) {
    const tags = btf.tagsOf(id);
    if (!tags.includes(KFUNC)) continue;
    kfuncs.push({ id, name: btf.type(id).name, fastcall: tags.includes(FASTCALL) });
  }
  return kfuncs.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
}
