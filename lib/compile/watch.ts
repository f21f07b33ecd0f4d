/** Waits for a change of any of some files. */
import fs from 'node:fs';
import path from 'node:path';

/** Editors write a file in several steps; one build is enough for them. */
const SETTLE_MS = 60;

/** Headers of the system change with a package, not with a keystroke. */
const isWatched = (file: string): boolean => !file.startsWith('/usr/');

/**
 * Resolves with true when one of the files has changed since `since`, with false when `signal` is aborted. Folders are
 * watched rather than files: an editor replaces a file by a new one.
 */
export function changeOf(
  files: readonly string[],
  since: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): Promise<boolean> {
  const watched = files.filter(isWatched);
  const changed = (): boolean => watched.some((file) => modified(file) !== since.get(file));
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const watchers: fs.FSWatcher[] = [];
    const finish = (result: boolean): void => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal?.removeEventListener('abort', abort);
      resolve(result);
    };
    const abort = (): void => {
      finish(false);
    };
    const look = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (changed()) finish(true);
      }, SETTLE_MS);
    };
    if (signal?.aborted === true) {
      finish(false);
      return;
    }
    signal?.addEventListener('abort', abort);
    for (const folder of new Set(watched.map((file) => path.dirname(file)))) {
      try {
        watchers.push(fs.watch(folder, look).on('error', look));
      } catch {
        // The folder has gone: the others tell, or the next build does.
      }
    }
    // Something may have changed before the watchers were there.
    look();
  });
}

/** When the file was changed last; -1 while it is not there. */
export const modified = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;

export const timesOf = (files: readonly string[]): Map<string, number> =>
  new Map(files.map((file) => [file, modified(file)]));
