/** Calls that the kernel gives up for a signal: under a profiler, which sends one each millisecond, they work all the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChild } from '../../support/child';
import { compileBpfSource } from '../../support/compile';

const folder = mkdtempSync(path.join(tmpdir(), 'profile-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Takes the verifier some tens of milliseconds. */
const slow = (): string =>
  compileBpfSource(
    `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
__u64 x; unsigned int seed = 1;
SEC("syscall") int slow(void *ctx) {
  unsigned s = seed;
  for (int i = 0; i < 200; i++) {
    if (s & 1) x += i; else x ^= i;
    s = s * 1103515245 + 12345;
    if (s & 0x1000) x += 3;
    if (s & 0x20000) x -= 7;
  }
  return 0;
}
SEC("xdp") int quick(struct xdp_md *ctx) { return XDP_PASS; }
char LICENSE[] SEC("license") = "GPL";`,
    'slow_to_verify',
  );

const profiled = (script: string): unknown => {
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200'];
  const { stdout, stderr } = runChild(script, { file: slow() }, flags);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('load() and prepare()', () => {
  const failures = profiled(`
    const failures = [];
    for (let i = 0; i < 6; i++) {
      const object = subskel.BpfObject.open(args.file);
      try { if (i % 2 === 1) object.prepare(); object.load(); } catch (error) { failures.push(error.message); }
      object.close();
    }
    console.log(JSON.stringify(failures));`);
  expect(failures).toEqual([]);
});

test('test runs with many repetitions', () => {
  const failures = profiled(`
    const object = subskel.BpfObject.open(args.file);
    object.load();
    const failures = [];
    const data = new Uint8Array(64);
    for (let i = 0; i < 10; i++) {
      try { object.program('quick').testRun({ data, repeat: 1_000_000 }); } catch (error) { failures.push(error.message); }
    }
    object.close();
    console.log(JSON.stringify(failures));`);
  expect(failures).toEqual([]);
});

test('a signal that came meanwhile is delivered afterwards', () => {
  const heard = profiled(`
    const { spawn } = require('node:child_process');
    let heard = 0;
    process.on('SIGUSR2', () => heard++);
    const sender = spawn('sh', ['-c', 'while kill -USR2 ' + process.pid + '; do sleep 0.001; done'], { stdio: 'ignore' });
    for (let i = 0; i < 3; i++) { const object = subskel.BpfObject.open(args.file); object.load(); object.close(); }
    setTimeout(() => { sender.kill(); console.log(JSON.stringify(heard > 0)); process.exit(); }, 50);`);
  expect(heard).toBe(true);
});
