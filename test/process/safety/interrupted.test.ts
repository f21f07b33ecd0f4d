/** Calls that the kernel gives up for a signal: under a profiler, which sends one each millisecond, they work all the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChild, scriptText } from '../../support/child';
import { compileBpfSource } from '../../support/compile';
import type { CASES } from './scripts/profiled';

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

const profiled = (name: keyof typeof CASES): unknown => {
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200'];
  const { stdout, stderr } = runChild(scriptText(__dirname, 'profiled'), { file: slow(), name }, flags);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('load() and prepare()', () => {
  expect(profiled('load')).toEqual([]);
});

test('test runs with many repetitions', () => {
  expect(profiled('testRun')).toEqual([]);
});

test('a signal that came meanwhile is delivered afterwards', () => {
  expect(profiled('delivery')).toBe(true);
});
