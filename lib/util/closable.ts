/** What has to be closed, and closing many. */
export interface Closable {
  close(): void;
}

/** Closes all of them, whatever the first ones throw; the first error is thrown afterwards. */
export function closeAll(closables: Set<Closable>): void {
  const errors: unknown[] = [];
  for (const closable of closables) {
    try {
      closable.close();
    } catch (error) {
      errors.push(error);
    }
  }
  closables.clear();
  if (errors.length > 0) throw errors[0];
}
