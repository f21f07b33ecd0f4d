/** The BTF that a map is made with: what the kernel keeps with it, and learns from it about the map's values. */
import { TypeEncoder } from '../../btf/api/encode-types';
import { bytesType } from '../../btf/layout/byte';
import type { Type } from '../../btf/layout/layout-model';
import { mapTraits } from '../../uapi/map-types';
import { BtfError } from '../../errors';
import { specialFields } from './elements/special-fields';

export interface MapBtf {
  readonly bytes: Uint8Array;
  readonly keyTypeId: number;
  readonly valueTypeId: number;
}

/** An element: of `size` bytes, where its type is not known. */
export interface ElementLayout {
  readonly type: Type | undefined;
  readonly size: number;
}

/** undefined where the kernel takes none for such a map, or there is nothing to say. */
export function mapBtf(mapType: string, key: ElementLayout, value: ElementLayout): MapBtf | undefined {
  // libbpf leaves it out for the same ones (bpf_object__create_map), as the kernel would refuse.
  if (mapTraits(mapType).btf !== true || (key.type === undefined && value.type === undefined))
    return undefined;
  // kernel: trie_check_btf
  if (mapType === 'lpm_trie' && key.type?.kind !== 'struct') return undefined;
  try {
    const encoder = new TypeEncoder();
    const keyTypeId = mapTraits(mapType).keyless === true ? 0 : encoder.add(key.type ?? bytesType(key.size));
    const valueTypeId = encoder.add(value.type ?? bytesType(value.size));
    return { bytes: encoder.bytes(), keyTypeId, valueTypeId };
  } catch (error) {
    if (needsBtf(mapType, value.type) || !(error instanceof BtfError)) throw error;
    return undefined;
  }
}

/** Whether the map would be another one without: storage cannot be made, and locks and timers would be mere bytes. */
export function needsBtf(mapType: string, value: Type | undefined): boolean {
  return mapTraits(mapType).storage === true || (value !== undefined && specialFields(value).length > 0);
}
