/** Files are written whole or not at all: to a temporary file beside them, then renamed. */
import fs from 'node:fs';
import path from 'node:path';

/** The file that a path means in the end; a link stays a link. */
function target(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** @throws the system error, with the path that was asked for */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const real = target(file);
  const existing = fs.statSync(real, { throwIfNoEntry: false });
  try {
    // A rename would replace /dev/stdout or a pipe by a plain file.
    if (existing !== undefined && !existing.isFile()) {
      fs.writeFileSync(real, content);
      return;
    }
    const temporary = path.join(path.dirname(real), `.${path.basename(real)}.${String(process.pid)}.tmp`);
    try {
      fs.writeFileSync(temporary, content, existing === undefined ? {} : { mode: existing.mode & 0o777 });
      fs.renameSync(temporary, real);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw Object.assign(error as Error, { path: file });
  }
}
