/** Two copies of the package in one process, as npm installs them where versions differ: neither takes the other's objects. */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChild } from '../../support/child';
import { compileBpf, ROOT } from '../../support/compile';

let copy = '';
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'two-copies-'));
  cpSync(path.join(ROOT, 'dist'), path.join(copy, 'dist'), { recursive: true });
  copyFileSync(path.join(ROOT, 'package.json'), path.join(copy, 'package.json'));
  const addon = process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node');
  copyFileSync(addon, path.join(copy, 'addon.node'));
});
afterAll(() => rmSync(copy, { recursive: true }));

test('an object, a skeleton’s and a loaded one of the other copy: both folders and versions, and the cure', () => {
  const { stdout, stderr } = runChild(
    `
subskel.BpfObject.open(args.file).close();
process.env.LIBBPF_SUBSKEL_ADDON = args.copy + '/addon.node';
const other = require(args.copy + '/dist');
const descriptor = subskel.describe(args.file);
const object = other.BpfObject.open(args.file);
object.load();
const loaded = other.LoadedObject.fromProgram({ fd: [...object.programs.values()][0].fd });
const attempt = (act) => { try { act(); return 'taken'; } catch (error) { return [error.code, error instanceof subskel.ArgumentError, error.message]; } };
console.log(JSON.stringify([
  attempt(() => subskel.openSubskeleton(object, descriptor)),
  attempt(() => subskel.openSubskeleton({ object }, descriptor)),
  attempt(() => subskel.openSubskeleton(loaded, descriptor)),
  attempt(() => other.openSubskeleton(object, descriptor).close()),
]));
loaded.close();
object.close();`,
    { file: compileBpf('objects'), copy },
  );
  expect(stderr).toBe('');
  const [ofObject, held, ofLoaded, own] = JSON.parse(stdout) as unknown[];
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const refusal = [
    'ERR_INVALID_ARG',
    true,
    `object is of another copy of libbpf-subskel: ${copy} (${version}), and this is ${ROOT} (${version}); ` +
      'install one for both (npm dedupe): libraries list it in peerDependencies, not in dependencies',
  ];
  expect([ofObject, held, ofLoaded]).toEqual([refusal, refusal, refusal]);
  expect(own).toBe('taken');
});
