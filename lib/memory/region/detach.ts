/** Taking a buffer of ours away from those who have arrays over it. */

/**
 * Where the memory of detached buffers has gone. Another thread may still read it for Node (zlib, the file system),
 * which keeps nothing but the old buffer alive: with it goes the memory.
 */
const moved = new WeakMap<ArrayBuffer, ArrayBuffer>();

export function detach(buffer: ArrayBuffer): void {
  // Whoever took the memory away has detached it; from Node 22 on, doing it again is an error.
  // An empty one has nothing to take away, and is what a detached one looks like where Node does not say.
  if (buffer.byteLength === 0) return;
  moved.set(buffer, structuredClone(buffer, { transfer: [buffer] }));
}
