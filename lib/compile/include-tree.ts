/** A folder in which `<@x/lib/file.h>` is: a link for each library to its headers. clang and editors are told of it. */
import fs from 'node:fs';
import path from 'node:path';

function point(link: string, target: string): void {
  try {
    if (fs.readlinkSync(link) === target) return;
  } catch {
    // Not there yet.
  }
  fs.mkdirSync(path.dirname(link), { recursive: true });
  // Another build may do the same: a rename replaces the link in one step.
  const temporary = `${link}.${String(process.pid)}.tmp`;
  fs.rmSync(temporary, { force: true });
  fs.symlinkSync(target, temporary);
  fs.renameSync(temporary, link);
}

/** The flags by which clang finds the headers; none without libraries. Warnings in them are not the user's. */
export function includeTree(
  folder: string,
  libraries: readonly { readonly name: string; readonly include: string | undefined }[],
): string[] {
  let used = false;
  for (const { name, include } of libraries) {
    if (include === undefined) continue;
    point(path.join(folder, name), include);
    used = true;
  }
  return used ? ['-isystem', folder] : [];
}
