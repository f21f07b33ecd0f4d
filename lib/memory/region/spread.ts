/** What those who use a region's memory have of it, renewed when it changes. */
import { Followers, type FollowerGroup } from './followers';
import { Lanes, NONE } from './lanes';
import type { RegionMemory } from './region-memory';

/** No lanes over more: compiled code indexes them with 32-bit numbers. */
const LARGEST = 0x7fff_ffff;

export class Spread {
  /** What compiled accessors read from. */
  readonly in = new Lanes();
  /** What they write to: empty where writing is refused. */
  readonly out = new Lanes();
  readonly #followers = new Followers();
  #inUse = false;

  /** Called when the first variable is made: sections that nobody looks at should cost nothing. */
  use(memory: RegionMemory): void {
    if (this.#inUse) return;
    this.#inUse = true;
    this.#fill(memory);
  }

  /** The memory has become another. */
  renew(memory: RegionMemory): void {
    if (this.#inUse) this.#fill(memory);
    this.#followers.rebind();
  }

  /** Calls `rebind` at each renewal. The target must keep what this returns. */
  follow(target: object, rebind: (target: object) => void): FollowerGroup {
    return this.#followers.add(target, rebind);
  }

  /** It will not change any more. */
  end(): void {
    this.#followers.end();
  }

  #fill({ buffer, size, readonly }: RegionMemory): void {
    this.in.assign(NONE);
    this.out.assign(NONE);
    if (buffer === undefined || buffer.byteLength === 0 || size > LARGEST) return;
    this.in.fill(buffer, size);
    if (!readonly) this.out.assign(this.in);
  }
}
