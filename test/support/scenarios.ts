/** Tests that are scripts, run in one child process with a network and BPF file system of its own. */
import { PRIVATE_MOUNTS, runChild } from './child';
import { compileBpf } from './compile';

/** What every harness begins with: objects of test/bpf/attach.bpf.c, and the code of what a call throws. */
const COMMON = `
const opened = [];
const load = (...names) => {
  const object = subskel.BpfObject.open(args.object);
  opened.push(object);
  for (const program of object.programs.values()) program.autoload = names.includes(program.name);
  object.load();
  return object;
};
const codeOf = (work) => { try { work(); return 'none'; } catch (error) { return error.code; } };
const answers = {};
const runAll = () => {
  for (const [name, script] of Object.entries(args.scripts)) {
    const tell = (value) => { answers[name] = { told: value }; };
    try { eval('(() => {' + script + '})()'); } catch (error) { answers[name] = { error: error.stack }; }
    for (const object of opened.splice(0)) object.close();
  }
};
`;

const REPORT = `
console.log(JSON.stringify(answers, (_, item) => typeof item === 'bigint' ? Number(item) : item));
`;

/**
 * A function that defines a test of what a script tells. All scripts of a file run in one process, before its first test:
 * where `harness` calls `runAll()`.
 */
export function scenarios(harness: string): (name: string, script: string, expected: unknown) => void {
  const scripts = new Map<string, string>();
  let answers: Record<string, { readonly told?: unknown; readonly error?: string }> = {};

  beforeAll(() => {
    const wrapper = ['unshare', '--net', ...PRIVATE_MOUNTS.slice(1)];
    const args = { object: compileBpf('attach'), scripts: Object.fromEntries(scripts) };
    const { stdout, stderr, status } = runChild(COMMON + harness + REPORT, args, [], wrapper);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    answers = JSON.parse(stdout) as typeof answers;
  });

  return (name, script, expected) => {
    scripts.set(name, script);
    test(name, () => {
      const { told, error } = answers[name]!;
      expect(error).toBeUndefined();
      expect(told).toEqual(expected);
    });
  };
}
