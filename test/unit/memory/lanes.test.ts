import { LANE_SIZES, type Lane } from '../../../lib/btf/codec/text/access';
import { Lanes } from '../../../lib/memory/region/lanes';

// The pages of the largest are never touched, and so never there.
test.each([0, 7, 4095, 4096, 2 ** 31 - 1, 2 ** 31])('%i bytes', (size) => {
  const lanes = new Lanes();
  lanes.fill(new ArrayBuffer(size), size);
  const lengths = Object.keys(LANE_SIZES).map((lane) => [lane, lanes[lane as Lane].length]);
  expect(lengths).toEqual(Object.entries(LANE_SIZES).map(([lane, each]) => [lane, Math.floor(size / each)]));
  expect(lanes.view.byteLength).toBe(size);
});
