/**
 * Ring buffers against a C consumer with libbpf, and against a reader that copies each record and calls JavaScript with it.
 * The same BPF program fills the ring with a million records of 40 bytes and five members; consuming them is timed (processor time).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BpfObject, RingBuffer, type Batch } from '../../lib';
import { clangFlags } from '../../test/support/compile';
import { compare, median, type Measured } from '../measure';
import { buildAddon, ROOT, runReference } from '../reference';

interface Request<I = number> {
  sequence: I;
  time_ns: I;
  latency_ns: I;
  bytes: I;
  pid: number;
}

const RECORDS = 1_000_000;
const ROUNDS = 5;
/** bpf.h: nobody is woken while a round is prepared. */
const BPF_RB_NO_WAKEUP = 1n;

function producer(): string {
  const out = path.join(ROOT, 'bench/out/ring.bpf.o');
  mkdirSync(path.dirname(out), { recursive: true });
  execFileSync('clang', [...clangFlags(), '-c', path.join(ROOT, 'bench/bpf/ring.bpf.c'), '-o', out]);
  return out;
}

const file = producer();
const object = BpfObject.open(file);
object.load();
let sum = 0;
let bigSum = 0n;

function produce(count: number, flags = BPF_RB_NO_WAKEUP): void {
  const context = new Uint8Array(new BigUint64Array([BigInt(count), flags]).buffer);
  object.program('produce').testRun({ context });
}

/** Nanoseconds of processor time that the process has taken: on a shared machine the clock on the wall tells little. */
function processor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

const since = (start: number): number => (processor() - start) / RECORDS;

/** Nanoseconds a record, of one round after another. */
function consuming<T>(int64: 'number' | 'bigint', use: (batch: Batch<T>) => void): () => number {
  return () => {
    const ring = new RingBuffer<T>(object.map('events'), { type: 'struct request', int64 });
    const times = Array.from({ length: 3 }, () => {
      produce(RECORDS);
      const start = processor();
      if (ring.consume(use) !== RECORDS) throw new Error('records are missing');
      return since(start);
    });
    ring.close();
    return median(times);
  };
}

const byIndex = consuming<Request>('number', (batch) => {
  let part = 0;
  for (let i = 0; i < batch.length; i++) {
    const record = batch.at(i)!;
    part += record.sequence + record.time_ns + record.latency_ns + record.bytes + record.pid;
  }
  sum += part;
});

const iterated = consuming<Request>('number', (batch) => {
  let part = 0;
  for (const record of batch) {
    part += record.sequence + record.time_ns + record.latency_ns + record.bytes + record.pid;
  }
  sum += part;
});

const bigints = consuming<Request<bigint>>('bigint', (batch) => {
  let part = 0n;
  for (let i = 0; i < batch.length; i++) {
    const record = batch.at(i)!;
    part += record.sequence + record.time_ns + record.latency_ns + record.bytes + BigInt(record.pid);
  }
  bigSum += part;
});

async function awaiting(): Promise<number> {
  const ring = new RingBuffer<Request>(object.map('events'), { type: 'struct request', int64: 'number' });
  produce(RECORDS);
  let count = 0;
  const start = processor();
  for await (const record of ring.records()) {
    sum += record.sequence + record.time_ns + record.latency_ns + record.bytes + record.pid;
    if (++count === RECORDS) break;
  }
  const taken = since(start);
  ring.close();
  return taken;
}

interface CallPerRecord {
  open(fd: number): unknown;
  consume(reader: unknown, use: (record: Uint8Array) => void): number;
}

/** An addon that copies each record and calls JavaScript with it. */
function calling(): number {
  const addon = createRequire(__filename)(buildAddon('call_per_record')) as CallPerRecord;
  const reader = addon.open(object.map('events').fd);
  produce(RECORDS);
  const start = processor();
  addon.consume(reader, (record) => {
    const view = new DataView(record.buffer, record.byteOffset, record.length);
    for (const at of [0, 8, 16, 24]) sum += Number(view.getBigUint64(at, true));
    sum += view.getUint32(32, true);
  });
  return since(start);
}

/** Microseconds from a lone record's submission to the listener. */
async function latency(busyPoll: boolean): Promise<number> {
  const ring = new RingBuffer<Request>(object.map('events'), { type: 'struct request', busyPoll });
  const times: number[] = [];
  let start = 0n;
  let arrived = (): void => undefined;
  ring.on('records', () => {
    times.push(Number(process.hrtime.bigint() - start) / 1000);
    arrived();
  });
  for (let i = 0; i < 200; i++) {
    const arrival = new Promise<void>((done) => (arrived = done));
    setTimeout(() => {
      start = process.hrtime.bigint();
      produce(1, 0n);
    }, 1);
    await arrival;
  }
  ring.close();
  return median(times);
}

/** Bytes that the heap has grown by after ten million records in batches. */
function growth(): number {
  byIndex();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  byIndex();
  byIndex();
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed - before) / (10 * RECORDS);
}

export async function run(): Promise<Measured[]> {
  const c = (): number => runReference('ring_consumer', [file, RECORDS, 3]);
  byIndex();
  iterated();
  bigints();
  await awaiting();
  const results = [
    compare('ring buffer, batch.at(i), five members summed / C', ROUNDS, byIndex, c, 'ns', 3),
    compare('ring buffer, for … of a batch / C', ROUNDS, iterated, c, 'ns'),
    compare('ring buffer, batch, as bigints / C', ROUNDS, bigints, c, 'ns'),
  ];
  const one = median([await awaiting(), await awaiting(), await awaiting()]);
  results.push({
    name: 'for await over records / 1,000 ns',
    ours: one,
    reference: 1000,
    unit: 'ns',
    ratio: one / 1000,
    bar: 1,
  });
  const called = median([calling(), calling(), calling()]);
  results.push({
    name: 'for await over records / an addon that calls for each',
    ours: one,
    reference: called,
    unit: 'ns',
    ratio: one / called,
    bar: 0.1,
  });
  for (const busy of [false, true]) {
    const taken = await latency(busy);
    const name = `a lone record, submitted to listener${busy ? ', busy' : ''} / 100 µs`;
    results.push({ name, ours: taken, reference: 100, unit: 'µs', ratio: taken / 100, bar: 1 });
  }
  const bytes = growth();
  results.push({
    name: 'heap growth in batches / 1 byte a record',
    ours: bytes,
    reference: 1,
    unit: 'B',
    ratio: bytes,
    bar: 0.1,
  });
  if (sum === 0 || bigSum === 0n) throw new Error('nothing was summed');
  object.close();
  return results;
}
