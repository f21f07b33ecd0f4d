/** Something that keeps an array of its own over a region's memory, to be renewed when the memory changes. */
interface Follower {
  readonly target: object;
  readonly rebind: (target: object) => void;
}

/** Followers made one after the other. Each of them keeps the group alive, the region does not: one WeakRef for many. */
export type FollowerGroup = Follower[];
const GROUP_SIZE = 64;

/** The variables that follow a region, as long as somebody else holds them. */
export class Followers {
  #groups: WeakRef<FollowerGroup>[] = [];
  #open: FollowerGroup | undefined;
  #limit = 16;

  /** The target must keep the group that this returns. */
  add(target: object, rebind: (target: object) => void): FollowerGroup {
    if (this.#open === undefined || this.#open.length >= GROUP_SIZE) this.#open = this.#newGroup();
    this.#open.push({ target, rebind });
    return this.#open;
  }

  rebind(): void {
    for (const reference of this.#groups) {
      for (const { target, rebind } of reference.deref() ?? []) rebind(target);
    }
  }

  /** Nothing will change any more. A WeakRef keeps its target until the event loop turns: what it holds need not stay. */
  end(): void {
    for (const reference of this.#groups) reference.deref()?.splice(0);
    this.#groups = [];
    this.#open = undefined;
  }

  #newGroup(): FollowerGroup {
    if (this.#groups.length >= this.#limit) {
      this.#groups = this.#groups.filter((reference) => reference.deref() !== undefined);
      this.#limit = Math.max(16, this.#groups.length * 2);
    }
    const group: FollowerGroup = [];
    this.#groups.push(new WeakRef(group));
    return group;
  }
}
