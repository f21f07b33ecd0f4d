/** `npx libbpf-subskel build-addon`, in a project whose package has no binary: what the error says is typed, and it works. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, npm, project, run } from './support';

afterAll(cleanUp);

test('builds, says where, and the package works', () => {
  const script = "console.log(require('libbpf-subskel').BpfObject.open(process.argv[2]).name)";
  const folder = project('from-source', { 'main.cjs': script });
  rmSync(path.join(folder, 'node_modules/libbpf-subskel/prebuilds'), { recursive: true });
  expect(run(process.execPath, ['main.cjs', 'x.o'], folder).stderr).toMatch(/npx libbpf-subskel build-addon/);

  const stdout = npm(['exec', '--', 'libbpf-subskel', 'build-addon'], folder);
  expect(stdout).toMatch(
    /^The addon is in .*node_modules\/libbpf-subskel\/build\/Release\/libbpf_subskel\.node$/m,
  );

  const object = path.join(__dirname, '../../examples/request-stats/out/agent.linked.bpf.o');
  const { status } = spawnSync('bash', [path.join(__dirname, '../../examples/request-stats/build')]);
  expect(status).toBe(0);
  expect(run(process.execPath, ['main.cjs', object], folder)).toMatchObject({ status: 0, stderr: '' });
}, 600_000);
