/**
 * Calls near the end of the stack, as a runaway recursion that somebody catches makes them: they work, or fail before
 * anything is done. Nothing is left half done.
 */
import { runChild } from '../../support/child';
import { compileBpfSource } from '../../support/compile';

const file = (): string =>
  compileBpfSource(
    `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct rec { __u64 seq; char t[12]; struct { int a : 5; __int128 b; } in; } *u; struct rec r;
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 20); } rb SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_USER_RINGBUF); __uint(max_entries, 1 << 16); } commands SEC(".maps");
__u64 seq; int counter SEC(".data.b") = 5; __u64 drained;
SEC("syscall") int emit(void *ctx) { r.seq = ++seq; counter++; return bpf_ringbuf_output(&rb, &r, sizeof r, 0); }
static long one(struct bpf_dynptr *sample, void *ctx) { drained++; return 0; }
SEC("syscall") int drain(void *ctx) { return bpf_user_ringbuf_drain(&commands, one, 0, 0); }
SEC("raw_tp/sys_enter") int tp(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";`,
    'stack_overflow',
  );

const HARNESS = `
const { readdirSync, readlinkSync } = require('node:fs');
/** Calls \`act\` at each depth from the end of the stack upwards, until it has answered true or it was called often enough. */
const nearTheEnd = (pad, most, act) => {
  let calls = 0, done = false;
  const down = (...p) => {
    try { down(...p); } catch {}
    if (!done && calls++ < most) { try { done = act() === true; } catch {} }
  };
  try { down(...Array(pad).fill(1)); } catch {}
  return done;
};
const descriptors = () => readdirSync('/proc/self/fd').filter((fd) => {
  try { return /bpf|btf|eventpoll/.test(readlinkSync('/proc/self/fd/' + fd)); } catch { return false; }
}).length;
const open = () => subskel.BpfObject.open(args.file);
const loaded = () => { const object = open(); object.load(); return object; };
`;

const run = (script: string, flags: readonly string[] = []): unknown => {
  const { stdout, stderr } = runChild(HARNESS + script, { file: file() }, flags, [], 120_000);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test.each(['plain', 'batch', 'listener', 'iteration'])(
  'a reader goes on afterwards, and loses nothing: %s',
  (how) => {
    const results = run(`
    const results = [];
    const one = async (pad) => {
      const object = loaded();
      const ring = new subskel.RingBuffer(object.map('rb'), { type: 'struct rec' });
      for (let i = 0; i < 1000; i++) object.program('emit').testRun();
      const got = new Set();
      const use = (batch) => { for (const each of batch) got.add(each.read().seq); };
      const iterator = ring.records();
      const pending = [];
      const acts = {
        plain: () => { for (const each of ring.consume()) got.add(each.seq); },
        batch: () => { ring.consume(use); },
        listener: () => { ring.on('records', use); try { ring.flush(); } finally { ring.off('records', use); } },
        iteration: () => { pending.push(iterator.next()); },
      };
      const act = acts['${how}'];
      nearTheEnd(pad, 1000, act);
      let after = 'none';
      if ('${how}' === 'iteration') {
        for (const { value } of await Promise.all(pending)) got.add(value.seq);
        while (got.size < 1000) got.add((await iterator.next()).value.seq);
      }
      try { object.program('emit').testRun(); act(); after = 'ok'; } catch (error) { after = error.message; }
      for (const { value } of await Promise.all(pending.slice(-1))) got.add(value.seq);
      // An off() that the end of the stack stopped has taken nobody away: there may be several.
      for (let i = 0; i < 1000; i++) ring.off('records', use);
      if ('${how}' === 'listener') for (const each of ring.consume()) got.add(each.seq);
      results.push([after, got.size]);
      object.close();
    };
    (async () => { for (let pad = 0; pad < 3; pad++) await one(pad); console.log(JSON.stringify(results)); })();`);
    expect(results).toEqual([
      ['ok', 1001],
      ['ok', 1001],
      ['ok', 1001],
    ]);
  },
);

test('close() that was interrupted can be finished', () => {
  const { before, after, alive, closed } = run(
    `
    const before = descriptors();
    let alive = 0, closed = 0;
    for (let pad = 0; pad < 8; pad++) {
      const object = loaded();
      new subskel.RingBuffer(object.map('rb')).on('records', () => {});
      object.program('tp').attach();
      const seq = object.section('.bss').variables.get('seq');
      seq.value;
      nearTheEnd(pad, 1500, () => { object.close(); return object.closed; });
      object.close();
      if (object.closed) closed++;
      try { seq.value; alive++; } catch {}
    }
    console.log(JSON.stringify({ before, after: descriptors(), alive, closed }));`,
    ['--stack-size=500'],
  ) as Record<string, number>;
  expect({ after, alive, closed }).toEqual({ after: before, alive: 0, closed: 8 });
});

test('load() and prepare() load everything, or nothing', () => {
  const wrong = run(`
    const wrong = [];
    for (const how of ['load', 'prepare']) {
      for (let pad = 0; pad < 6; pad++) {
        const object = open();
        const counter = object.section('.data.b').variables.get('counter');
        const others = [...object.sections.values()].flatMap((section) => [...section]);
        counter.value = 10;
        nearTheEnd(pad, 4000, () => { object[how](); return true; });
        if (how === 'prepare') object.load();
        if (!object.loaded) { wrong.push('not loaded'); continue; }
        object.program('emit').testRun();
        if (counter.value !== 11) wrong.push([how, pad, counter.value]);
        counter.value = 20;
        object.program('emit').testRun();
        if (counter.value !== 21) wrong.push([how, pad, counter.value]);
        object.close();
      }
    }
    console.log(JSON.stringify(wrong));`);
  expect(wrong).toEqual([]);
});

test('a link that is made is the object’s, and no sample holds up those behind it', () => {
  const told = run(`
    const object = loaded();
    const links = new Set();
    for (let pad = 0; pad < 6; pad++) nearTheEnd(pad, 300, () => { links.add(object.program('tp').attach()); return true; });
    const ring = new subskel.UserRingBuffer(object.map('commands'));
    let sent = 0;
    for (let pad = 0; pad < 6; pad++) {
      nearTheEnd(pad, 200, () => { ring.submit(new Uint8Array(8)); sent++; });
      nearTheEnd(pad, 200, () => { const sample = ring.reserve(16); sent++; sample.submit(); });
    }
    object.program('drain').testRun();
    const drained = Number(object.section('.bss').variables.get('drained').value);
    console.log(JSON.stringify({ links: links.size === object.links.length, missing: sent - drained }));
    object.close();`);
  expect(told).toEqual({ links: true, missing: 0 });
});
