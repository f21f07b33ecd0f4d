/**
 * Finds and loads the native addon, on first use: `require('libbpf-subskel')` alone loads nothing native, so that the
 * generator and `describe()` work where the addon does not.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { NativeAddon } from './addon';
import { explain } from './explain';
import { failure } from './failure';

/** The package: lib/native and dist/native are equally deep in it. */
const ROOT = path.join(__dirname, '..', '..');
/** Names one binary, and nothing else is looked for. */
const OVERRIDE = 'LIBBPF_SUBSKEL_ADDON';

let addon: NativeAddon | undefined;

/**
 * The addon of this JavaScript environment, loaded once; its errors are the classes of errors.ts.
 * @throws AddonError that says what was found, and what to type next
 */
export function loadAddon(): NativeAddon {
  addon ??= load();
  return addon;
}

function load(): NativeAddon {
  let file = '';
  try {
    file = find();
    const loaded = createRequire(__filename)(file) as NativeAddon;
    loaded.setErrorFactory(failure);
    return loaded;
  } catch (error) {
    throw explain(error, { file, root: ROOT });
  }
}

function find(): string {
  const chosen = process.env[OVERRIDE];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  const built = path.join(ROOT, 'build', 'Release', 'libbpf_subskel.node');
  if (existsSync(built)) return built;
  const prebuilt = createRequire(__filename)('node-gyp-build') as { path(directory: string): string };
  return prebuilt.path(ROOT);
}
