/** The addon's own handles, below the runtime: for tests of src/. */
import { readFileSync } from 'node:fs';
import type { NativeAddon } from '../../lib/native/surface/addon';
import type { NativeElements } from '../../lib/native/surface/elements';
import type { NativeLink } from '../../lib/native/surface/link';
import type { NativeMap } from '../../lib/native/surface/map';
import type { NativeObject } from '../../lib/native/surface/object';
import type { NativeProgram } from '../../lib/native/surface/program';
import { loadAddon } from '../../lib/native/load/load';
import { compileBpf } from './compile';

export interface Handles {
  readonly addon: NativeAddon;
  readonly object: NativeObject;
  readonly map: NativeMap;
  /** Of `map`; undefined before load. */
  readonly elements: NativeElements | undefined;
  readonly data: NativeMap;
  readonly program: NativeProgram;
  /** undefined unless attached. */
  readonly link: NativeLink | undefined;
}

export type State = 'open' | 'loaded' | 'closed';

export const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(compileBpf(name)));

/** test/bpf/addon.bpf.c in one of its states; closed afterwards. */
export function withHandles<T>(state: State, use: (handles: Handles) => T): T {
  const addon = loadAddon();
  const object = addon.openFile(compileBpf('addon'), {});
  try {
    const handles = {
      addon,
      object,
      map: object.findMap('table')!,
      data: object.findMap('.data')!,
      program: object.findProgram('run')!,
    };
    let link: NativeLink | undefined;
    let elements: NativeElements | undefined;
    if (state !== 'open') {
      object.load();
      link = object.findProgram('on_enter')!.attach();
      elements = handles.map.elements();
    }
    if (state === 'closed') object.close();
    return use({ ...handles, link, elements });
  } finally {
    object.close();
  }
}

/** What was thrown. Errors of the addon are ours, or JavaScript's own; anything else is a finding. */
export function thrownBy(work: () => unknown): Error & { code?: string; log?: string; syscall?: string } {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
