/** test/bpf/events.bpf.c, loaded, with what makes it produce and drain. */
import { BpfObject, type NumberVariable, type Variable } from '../../lib';
import { compileBpf } from './compile';

export interface Produced {
  readonly flags?: number;
  /** Discard each one whose number is a multiple of it. */
  readonly discard?: number;
  readonly delta?: bigint;
}

/** bpf.h */
export const BPF_RB_NO_WAKEUP = 1;
export const BPF_RB_FORCE_WAKEUP = 2;

export class Events {
  readonly object = BpfObject.open(compileBpf('events'));

  constructor() {
    this.object.load();
  }

  produce(count: number, { flags = 0, discard = 0, delta = 0n }: Produced = {}): void {
    const context = new DataView(new ArrayBuffer(32));
    context.setBigUint64(0, BigInt(count), true);
    context.setBigUint64(8, BigInt(flags), true);
    context.setBigUint64(16, BigInt(discard), true);
    context.setBigInt64(24, delta, true);
    this.object.program('produce').testRun({ context: new Uint8Array(context.buffer) });
  }

  /** A record of these bytes. */
  output(bytes: Uint8Array): number {
    const scratch = this.object.map('scratch') as unknown as { set(key: number, value: object): void };
    const whole = new Uint8Array(4096);
    whole.set(bytes);
    scratch.set(0, { bytes: whole });
    const context = new Uint8Array(new Uint32Array([bytes.length, 0]).buffer);
    return this.object.program('output').testRun({ context }).retval;
  }

  run(program: string, context = new Uint8Array(32)): number {
    return this.object.program(program).testRun({ context }).retval;
  }

  number(name: string): number {
    const variable = this.object.section('.bss').variables.get(name) as Variable<bigint> | NumberVariable;
    return Number(variable.value);
  }

  close(): void {
    this.object.close();
  }
}

export interface Loaded {
  readonly producer?: number;
  readonly shortest?: number;
  readonly longest?: number;
  readonly discard?: number;
  readonly flags?: number;
}

/** The bytes that all records of events_load.bpf.c are made of. */
export const PATTERN = Uint8Array.from(
  { length: 8192 },
  (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 0xff,
);

/** test/bpf/events_load.bpf.c, loaded: records of any length, in a ring of 256 KiB. */
export class LoadEvents {
  readonly object = BpfObject.open(compileBpf('events_load'));
  constructor() {
    this.object.load();
    const patterns = this.object.map('patterns') as unknown as { set(key: number, value: object): void };
    patterns.set(0, { bytes: PATTERN });
  }

  produce(
    count: number,
    { producer = 0, shortest = 16, longest = 16, discard = 0, flags = 0 }: Loaded = {},
  ): void {
    const context = new BigUint64Array([count, producer, shortest, longest, discard, flags].map(BigInt));
    this.object.program('produce').testRun({ context: new Uint8Array(context.buffer) });
  }

  close(): void {
    this.object.close();
  }
}

export const turn = (ms = 0): Promise<void> => new Promise((done) => setTimeout(done, ms));
