/** What is said where a tracepoint is not found, by what tracefs has. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withoutRawTracepoint, withoutTracepoint } from '../../../lib/native/failure/kernel-events';

let tracefs: string;
beforeAll(() => {
  tracefs = mkdtempSync(path.join(tmpdir(), 'tracefs-'));
  for (const event of ['syscalls/sys_enter_openat', 'sched/sched_switch', 'block/block_rq_issue']) {
    mkdirSync(path.join(tracefs, 'events', event), { recursive: true });
  }
});
afterAll(() => rmSync(tracefs, { recursive: true }));

test.each([
  ['syscalls', 'sys_enter_opnat', " (did you mean 'sys_enter_openat'?)"],
  ['schedule', 'sched_switch', " (did you mean 'sched/sched_switch'?)"],
  ['blok', 'block_rq_isue', " (did you mean 'block/block_rq_issue'?)"],
  ['syscalls', 'something_else_entirely', ''],
])('%s/%s', (category, name, meant) => {
  expect(withoutTracepoint(category, name, [tracefs])).toBe(
    `this kernel has no tracepoint '${category}/${name}'${meant}`,
  );
});

test('tracefs is not mounted', () => {
  expect(withoutTracepoint('sched', 'sched_switch', [path.join(tracefs, 'nowhere')])).toMatch(
    /^tracefs is not mounted.*: mount -t tracefs tracefs \/sys\/kernel\/tracing$/,
  );
});

test('a raw tracepoint needs no tracefs', () => {
  expect(withoutRawTracepoint('sys_entr', ['sys_enter', 'sched_switch'])).toBe(
    "this kernel has no raw tracepoint 'sys_entr' (did you mean 'sys_enter'?)",
  );
  expect(withoutRawTracepoint('sys_entr', [])).toBe("this kernel has no raw tracepoint 'sys_entr'");
});
