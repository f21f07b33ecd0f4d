/** The memory of a map that the kernel has, as that of a region. */
import type { Region } from '../../memory/region/region';
import type { NativeAddon } from '../../native/surface/addon';
import type { NativeMapping } from '../../native/surface/handles';

/** Lets the memory go; the region is closed by its owner. */
export type Release = () => void;

/** Maps the first `size` bytes of the map behind a descriptor. */
export function mapInto(region: Region, addon: NativeAddon, fd: number, size: number): Release {
  return adoptInto(region, addon, addon.mapMemory(fd, size, region.subject), size);
}

export function adoptInto(region: Region, addon: NativeAddon, mapping: NativeMapping, size: number): Release {
  const { buffer, readonly, pages } = mapping;
  if (buffer !== null) {
    region.adopt(buffer, size, readonly);
    // SAFETY: detaching is what makes every raw view harmless; the memory goes at once if users never had
    // an array over it, else with the buffer's finalizers.
    return () => {
      addon.detach(buffer, region.exposed);
    };
  }
  if (pages === null) throw new TypeError('a mapping has a buffer or pages');
  region.adoptPages(pages, size);
  return () => {
    pages.close();
  };
}
