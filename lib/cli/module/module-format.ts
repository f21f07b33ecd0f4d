/** Which module format a file has, by Node's own rule: its extension, else the nearest package.json's "type". */
import fs from 'node:fs';
import path from 'node:path';
import type { ModuleFormat } from '../../codegen/emit/emit-js';

export function moduleFormat(file: string): ModuleFormat {
  if (/\.m[jt]s$/.test(file)) return 'esm';
  if (/\.c[jt]s$/.test(file)) return 'cjs';
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      const text = fs.readFileSync(path.join(folder, 'package.json'), 'utf8');
      return (JSON.parse(text) as { type?: unknown }).type === 'module' ? 'esm' : 'cjs';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return 'cjs';
    }
    if (folder === path.dirname(folder)) return 'cjs';
  }
}
