/**
 * Finds and loads the native addon, on first use: `require('libbpf-subskel')` alone loads nothing native, so that the
 * generator and `describe()` work where the addon does not.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { NativeAddon } from '../surface/addon';
import { explain } from './explain';
import { failure } from '../failure/failure';
import { libc, type Libc } from './libc';

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
  const root = packageRoot();
  let file = '';
  try {
    // Elsewhere there is no binary to be found, and one that is named cannot help.
    if (process.platform === 'linux') file = find(root);
    if (file === '') throw new Error('no binary');
    const loaded = createRequire(__filename)(file) as NativeAddon;
    loaded.setErrorFactory(failure);
    return loaded;
  } catch (error) {
    throw explain(error, { file, root });
  }
}

/** The package's folder; for code that a bundler has put elsewhere, the folder that prebuilds/ can stand in, too. */
export function packageRoot(here: string = __dirname): string {
  // lib/native/load and dist/native/load are equally deep in it.
  const root = path.join(here, '..', '..', '..');
  if (existsSync(path.join(root, 'binding.gyp')) || existsSync(path.join(root, 'dist/native'))) return root;
  if (existsSync(path.join(here, 'prebuilds'))) return here;
  try {
    return path.dirname(createRequire(path.join(here, 'x.js')).resolve('libbpf-subskel/package.json'));
  } catch {
    return here;
  }
}

function find(root: string): string {
  const chosen = process.env[OVERRIDE];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  const built = path.join(root, 'build', 'Release', 'libbpf_subskel.node');
  if (existsSync(built)) return built;
  try {
    return forLibc(prebuild(root), libc());
  } catch {
    // node-gyp-build takes its guess for the truth: on a system that it takes for the other one, it finds nothing.
    return '';
  }
}

function prebuild(root: string): string {
  // Bundlers see this one, and take it along.
  const finder = require('node-gyp-build') as { path(root: string): string };
  return finder.path(root);
}

/** node-gyp-build takes every musl system but Alpine for glibc. */
export function forLibc(file: string, wanted: Libc): string {
  const right = file.replace(/\.(glibc|musl)(?=\.node$)/, `.${wanted}`);
  return process.env['LIBC'] === undefined && existsSync(right) ? right : file;
}
