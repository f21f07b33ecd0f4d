/** A map in another thread of the process, found through a handle that can be posted. */
import type { Type } from '../../btf/layout/layout-model';
import { checkBytes, checkString, refuse } from '../../util/check';
import { sealLayout } from '../../btf/layout/checked-layout';
import { ClosedError } from '../../errors';
import { ownerOf } from '../../events/reader/record-map';
import { loadAddon } from '../../native/load/load';
import { sharedOf } from './defined-map';
import type { MapBase } from './map-base';
import { mapOfFd, type OpenedMap } from './open-map';

/** What `map.share()` gives: plain data for postMessage() or workerData, good within this process until the map is closed. */
export interface MapHandle {
  readonly kind: 'map';
  readonly name: string;
  readonly token: string;
  readonly int64: 'bigint' | 'number';
  /** The layouts of keys and values, where they are known. */
  readonly key: Type | undefined;
  readonly value: Type | undefined;
  /** The BTF of its object, for the types of records. */
  readonly btf: Uint8Array | undefined;
}

/** @throws NotLoadedError before the kernel has the map, ClosedError */
export function shareMap(map: MapBase, int64: 'bigint' | 'number'): MapHandle {
  const shared = sharedOf(map);
  const owner = ownerOf(map);
  const { fd } = shared.native;
  if (shared.share === undefined) {
    const share = loadAddon().share(fd);
    shared.share = share;
    // Closed with the object, as readers of records are; a map of its own closes it itself.
    owner?.readers.add({
      close: () => {
        share.close();
      },
    });
  }
  const { key, value } = map.types;
  return {
    kind: 'map',
    name: map.name,
    token: shared.share.token,
    int64,
    key: key && sealLayout(key),
    value: value && sealLayout(value),
    btf: owner?.btfBytes(),
  };
}

/** @throws ClosedError where the map was closed meanwhile, or the handle is of another process */
export function openSharedMap(handle: MapHandle): OpenedMap & Pick<MapHandle, 'btf'> {
  const given: unknown = handle;
  if (typeof given !== 'object' || given === null) refuse('handle', 'what map.share() gave', given);
  // Read once: getters may answer differently each time.
  const { kind, name, token, int64, key, value, btf } = handle;
  if ((kind as unknown) !== 'map') refuse('handle', 'what map.share() gave', given);
  checkString(name, 'handle.name');
  checkString(token, 'handle.token');
  if (btf !== undefined) checkBytes(btf, 'handle.btf');
  const found = loadAddon().findShared(token);
  if (found === null) {
    throw new ClosedError(`open shared map '${name}': it was closed, or is another process's`);
  }
  try {
    return { ...mapOfFd(found.fd, { key, value, int64 }, 'handle'), btf: btf && new Uint8Array(btf) };
  } finally {
    found.close();
  }
}
