/** What somebody without privileges sees: the error names the capability that is missing. */
import { compileBpf } from '../../support/compile';
import { runChild } from '../../support/child';

const asNobody = (work: string): { code: string; message: string; remedy: string } => {
  const { stdout, stderr } = runChild(
    `
    const { readFileSync } = require('node:fs');
    const object = subskel.BpfObject.open(readFileSync(args.file));
    process.setgroups([]);
    process.setgid(65534);
    process.setuid(65534);
    try {
      ${work}
      console.log(JSON.stringify({ code: 'none' }));
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message, remedy: error.remedy }));
    }
    object.close();`,
    { file: compileBpf('objects') },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ReturnType<typeof asNobody>;
};

test('load', () => {
  const { code, message, remedy } = asNobody('object.load();');
  expect(code).toBe('EPERM');
  expect(remedy).toMatch(/CAP_BPF/);
  expect(message).toMatch(/CAP_BPF/);
});

test('everything before load works: opening, configuring, subskeletons', () => {
  expect(
    asNobody(`
      const part = subskel.openSubskeleton(object, subskel.describe(require('node:fs').readFileSync(args.file)));
      part.rodata.step.value = 5;
      if (part.rodata.step.value !== 5) throw new Error('not written');`).code,
  ).toBe('none');
});
