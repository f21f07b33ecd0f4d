/** Arguments as somebody who means well would give them, made of what the round has. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type * as Subskel from '../../lib';
import type { Random } from './random';
import type { World } from './world';

export const MAP_TYPES = [
  'hash',
  'hash',
  'array',
  'array',
  'percpu_hash',
  'percpu_array',
  'lru_hash',
  'lpm_trie',
  'queue',
  'stack',
  'bloom_filter',
  'hash_of_maps',
  'array_of_maps',
  'ringbuf',
  'user_ringbuf',
  'perf_event_array',
  'prog_array',
  'task_storage',
] as const;

export class Give {
  constructor(
    readonly random: Random,
    readonly world: World,
  ) {}

  get map(): Subskel.BpfMap | undefined {
    return this.world.some('BpfMap', this.random) as Subskel.BpfMap | undefined;
  }

  get program(): Subskel.BpfProgram | undefined {
    return this.world.some('BpfProgram', this.random) as Subskel.BpfProgram | undefined;
  }

  get link(): Subskel.BpfLink | undefined {
    return this.world.some('BpfLink', this.random) as Subskel.BpfLink | undefined;
  }

  some(kind: string): object | undefined {
    return this.world.some(kind, this.random);
  }

  below(limit: number): number {
    return this.random.below(limit);
  }

  pick<T>(...list: readonly T[]): T {
    return this.random.pick(list);
  }

  /** Mostly not given. */
  perhaps<T>(make: () => T, probability = 0.3): T | undefined {
    return this.random.chance(probability) ? make() : undefined;
  }

  get flag(): boolean {
    return this.random.chance(0.5);
  }

  /** Small, now and then of all sizes up to 32 bits. */
  get number(): number {
    return this.random.chance(0.85) ? this.below(9) : this.random.next() >>> this.below(32);
  }

  get bigint(): bigint {
    return this.random.chance(0.7) ? BigInt(this.below(9)) : (BigInt(this.random.next()) << 32n) | 7n;
  }

  bytes(length = this.pick(0, 4, 8, 16, 64)): Uint8Array {
    return this.random.bytes(length);
  }

  /** Of something in the round, so that nobody else's descriptor is meant. */
  get fd(): number {
    const thing = this.random.chance(0.5) ? this.map : this.random.chance(0.5) ? this.program : this.link;
    try {
      return thing?.fd ?? -1;
    } catch {
      return -1;
    }
  }

  /** An id of something in the round. */
  get id(): number {
    try {
      return (this.flag ? this.map : this.program)?.info().id ?? 0;
    } catch {
      return 0;
    }
  }

  /** In the round's own BPF file system, mostly. */
  get pin(): string {
    const name = this.pick('a', 'b', 'c', 'd.e');
    return path.join(this.world.folder, this.random.chance(0.9) ? 'bpf' : 'files', name);
  }

  get file(): string {
    return this.random.pick(Object.values(this.world.files));
  }

  get output(): string {
    const folder = path.join(this.world.folder, 'files');
    mkdirSync(folder, { recursive: true });
    return path.join(folder, `${this.below(4)}.o`);
  }

  /** What fits a C type by its name: an integer, or bytes. */
  fitting(type: string | undefined, size: number): unknown {
    if (type === undefined) return this.bytes(Math.min(size, 1 << 16));
    if (/64|long long|unsigned long$/.test(type)) return this.bigint;
    if (/^(struct|union)/.test(type)) return { x: this.below(5), y: this.below(5), weight: this.bigint };
    return this.number;
  }

  key(map: Subskel.BpfMap): unknown {
    return this.fitting(map.keyType, map.keySize);
  }

  value(map: Subskel.BpfMap): unknown {
    if (/_of_maps$/.test(map.type)) return this.map;
    if (map.type === 'prog_array') return this.program;
    const one = (): unknown => this.fitting(map.valueType, map.valueSize);
    if (!map.type.startsWith('percpu')) return one();
    return Array.from({ length: this.world.subskel.kernel.possibleCpus }, one);
  }

  get context(): Uint8Array {
    const words = new BigUint64Array([
      BigInt(this.below(40)),
      BigInt(this.below(3)),
      BigInt(this.below(4)),
      1n,
    ]);
    return new Uint8Array(words.buffer).slice(0, this.pick(32, 32, 32, 8, 4));
  }

  /** A callback that gets in the way now and then. */
  get callback(): (...given: unknown[]) => unknown {
    const { world, random } = this;
    const [meddles, answer] = [random.chance(0.4), random.chance(0.5)];
    return (...given) => {
      world.keep(given[0]);
      if (meddles) world.meddle();
      return answer;
    };
  }

  get signal(): AbortSignal {
    const controller = new AbortController();
    if (this.random.chance(0.2)) controller.abort();
    else setTimeout(() => controller.abort(), this.below(20)).unref();
    return controller.signal;
  }

  mapOptions(): Subskel.CreateMapOptions {
    const type = this.random.pick(MAP_TYPES);
    const ring = /ringbuf/.test(type);
    const fixed = ring || ['perf_event_array', 'prog_array'].includes(type) || type.endsWith('of_maps');
    const inner = type.endsWith('of_maps') ? this.map : undefined;
    return {
      type,
      maxEntries: type === 'task_storage' ? undefined : ring ? 4096 << this.below(3) : 1 + this.below(20),
      ...(type === 'lpm_trie' ? { key: 8 } : {}),
      ...(/hash/.test(type) ? { key: this.pick<string | number>('u32', 'u64', 4, 3, 16) } : {}),
      ...(fixed ? {} : { value: this.pick<string | number>('u64', 'u32', 'u8', 8, 5, 4096) }),
      ...(this.random.chance(0.3) && type === 'array' ? { flags: 1 << 10 } : {}),
      ...(inner === undefined ? {} : { innerMap: inner }),
      name: this.perhaps(() => this.pick('one', 'two.x')),
      int64: this.perhaps(() => this.pick<'bigint' | 'number'>('bigint', 'number')),
    };
  }
}
