/** What the text of loads and stores in a region (btf/codec/text/load-store.ts) has in its scope: slow paths and helpers. */
import * as helpers from '../../btf/codec/codec-helpers';
import type { Lane } from '../../btf/codec/text/access';
import { outOfLine } from '../../btf/codec/text/compile-text';
import { NONE } from '../region/lanes';
import type { Region } from '../region/region';

export const REGION_SCOPE: Readonly<Record<string, unknown>> = {
  NONE_view: NONE.view,
  h: helpers,
  load: outOfLine((region: Region, lane: Lane, at: number) => region.load(lane, at)),
  store: outOfLine((region: Region, lane: Lane, at: number, value: number | bigint) => {
    region.store(lane, at, value);
  }),
  reading: outOfLine((region: Region, offset: number, size: number) => region.reading(offset, size)),
  writing: outOfLine((region: Region) => region.writing()),
};
