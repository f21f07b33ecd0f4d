/** A map in another thread of the process, found through a token that can be posted. */
import { RawBtf } from '../../btf/records/record-table';
import type { Type } from '../../btf/layout/layout-model';
import { checkBytes, checkString, refuse } from '../../util/check';
import { sealLayout } from '../../btf/layout/sealed-layout';
import { ClosedError } from '../../errors';
import type { MapOwner } from '../../events/reader/record-map';
import { loadAddon } from '../../native/load/load';
import type { MapState } from './map-state';
import type { Int64Kind } from '../../events/reader/typed-records';
import { mapOfFd, type OpenedMap } from './open-map';

/** What `map.share()` gives: plain data for postMessage() or workerData, good within this process until the map is closed. */
export interface SharedMapToken {
  readonly kind: 'map';
  readonly name: string;
  /** What the process finds it by. */
  readonly token: string;
  readonly int64: 'bigint' | 'number';
  /** The layouts of keys and values, where they are known. */
  readonly key: Type | undefined;
  readonly value: Type | undefined;
  /** The BTF of its object, for the types of records. */
  readonly btf: Uint8Array | undefined;
}

/** @throws NotLoadedError before the kernel has the map, ClosedError */
export function shareMap(state: MapState, int64: Int64Kind): SharedMapToken {
  const { name, owner } = state;
  const { fd } = state.native;
  if (state.share === undefined) {
    const share = loadAddon().share(fd);
    state.share = share;
    // Closed with the object, as readers of records are; a map by itself closes it itself.
    owner?.readers.add({
      close: () => {
        share.close();
      },
    });
  }
  const { key, value } = state.types();
  return {
    kind: 'map',
    name,
    token: state.share.token,
    int64,
    key: key && sealLayout(key),
    value: value && sealLayout(value),
    btf: owner?.btfBytes(),
  };
}

/** @throws ClosedError where the map was closed meanwhile, or the token is of another process */
export function openSharedMap(shared: SharedMapToken): OpenedMap {
  const given: unknown = shared;
  if (typeof given !== 'object' || given === null) refuse('shared', 'what map.share() gave', given);
  // Read once: getters may answer differently each time.
  const { kind, name, token, int64, key, value, btf } = shared;
  if ((kind as unknown) !== 'map') refuse('shared', 'what map.share() gave', given);
  checkString(name, 'shared.name');
  checkString(token, 'shared.token');
  if (btf !== undefined) checkBytes(btf, 'shared.btf');
  const found = loadAddon().findShared(token);
  if (found === null) {
    throw new ClosedError(`open shared map '${name}': it was closed, or is another process's`);
  }
  try {
    return mapOfFd(found.fd, { key, value, int64 }, 'shared', btf && ownerWith(new Uint8Array(btf), name));
  } finally {
    found.close();
  }
}

function ownerWith(btf: Uint8Array, map: string): MapOwner {
  return {
    btf: () => RawBtf.parse(btf, `BTF of the object of map '${map}'`),
    btfBytes: () => new Uint8Array(btf),
    readers: new Set(),
  };
}
