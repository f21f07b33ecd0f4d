/** BPF tokens: root of a user namespace, to which a BPF file system delegates what only the outer root may. */
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kernel } from '../../../lib';
import { compileBpf, compileDelegate } from '../../support/compile';
import { runChild } from '../../support/child';

const SCRIPT = `
const { BpfObject, BpfMap } = subskel;
const attempt = (options, work = () => 'loaded') => {
  const object = BpfObject.open(args.object, options);
  for (const program of object.programs.values()) program.autoload = program.name === 'on_xdp';
  try {
    object.load();
    return work(object);
  } catch (error) {
    return { code: error.code, remedy: error.remedy };
  } finally {
    object.close();
  }
};
const use = (object) => {
  const program = object.program('on_xdp');
  const { retval } = program.testRun({ data: new Uint8Array(64) });
  const link = program.attachXdp('lo');
  const { type, programId } = link.info();
  link.close();
  const { id, name } = program.info();
  return [retval, object.section('.bss').variables.get('hits').value > 0n, type, programId === id, name, program.name];
};
const codeOf = (work) => { try { work(); return 'none'; } catch ({ code, remedy }) { return { code, remedy }; } };
console.log(JSON.stringify({
  without: attempt({ bpfTokenPath: '' }),
  by: attempt({ bpfTokenPath: args.folder }, use),
  wrong: attempt({ bpfTokenPath: '/proc' }),
  list: codeOf(() => [...subskel.kernel.programs()]),
  features: subskel.kernel.features().token,
}));
`;

interface Refusal {
  readonly code: string;
  readonly remedy: string;
}
interface Answer {
  readonly without: Refusal;
  readonly by: unknown;
  readonly wrong: Refusal;
  readonly list: Refusal;
  readonly features: unknown;
}

const has = kernel.features().token === true;

(has ? test : test.skip)(
  has
    ? 'a token loads and attaches what the process itself may not'
    : `skipped: ${kernel.release} has no tokens (6.9)`,
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'subskel-token-'));
    try {
      // A network namespace, too, so that attaching is to its own loopback.
      const { stdout, stderr, status } = runChild(
        SCRIPT,
        { object: compileBpf('attach'), folder },
        [],
        [compileDelegate(), folder, 'unshare', '--net'],
      );
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const answer = JSON.parse(stdout) as Answer;
      expect(answer.without.code).toBe('EPERM');
      expect(answer.without.remedy).toMatch(/in a user namespace.*bpfTokenPath/);
      // libbpf asks without the token whether the kernel has names, and so gives it none.
      expect(answer.by).toEqual([2, true, 'xdp', true, '', 'on_xdp']);
      expect(answer.wrong.code).toBe('EINVAL');
      expect(answer.wrong.remedy).toMatch(/a token is made of a BPF file system/);
      expect(answer.list.code).toBe('EPERM');
      expect(answer.list.remedy).toMatch(/run it outside$/);
      expect(answer.features).toBe(true);
    } finally {
      rmdirSync(folder);
    }
  },
  60_000,
);
