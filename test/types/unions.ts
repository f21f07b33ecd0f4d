/** Types of names that the kernel has a list of: offered by editors, open for newer ones. Checked by tsc alone: nothing here runs. */
import {
  BpfMap,
  nameOf,
  queryAttached,
  SubskelError,
  type AttachType,
  type BpfLink,
  type BpfObject,
  type BpfProgram,
  type CharArray,
  type ErrorCode,
  type LinkInfo,
  type LogLevel,
  type MapType,
  type OrNewer,
  type ProgramType,
  toJSON,
} from '../../lib';
import { check, type Equal } from './equal';

declare const object: BpfObject;
declare const program: BpfProgram;
declare const link: BpfLink;

check(true satisfies Equal<BpfMap['type'], OrNewer<MapType>>);
check(true satisfies Equal<typeof program.type, OrNewer<ProgramType>>);
check(true satisfies Equal<typeof program.expectedAttachType, OrNewer<AttachType>>);
check(true satisfies Equal<Extract<LinkInfo, { type: 'cgroup' }>['attachType'], OrNewer<AttachType>>);
check(true satisfies Equal<ReturnType<CharArray['subarray']>, CharArray>);

export function names(): void {
  program.type = 'xdp';
  program.type = 'of_a_newer_kernel';
  // @ts-expect-error a number is no name
  program.type = 5;
  const info = link.info();
  if (info.type === 'tcx') queryAttached('eth0', info.attachType);
  const level: LogLevel = 'debug';
  // @ts-expect-error there is no such level
  const loud: LogLevel = 'loud';
  const error: unknown = new Error([level, loud].join(''));
  if (error instanceof SubskelError) {
    const code: ErrorCode = error.code;
    switch (code) {
      case 'ERR_CLOSED':
      case 'ENOENT':
      case 'LIBBPF_ERRNO__FORMAT':
      case 'of_a_newer_kernel':
        break;
    }
  }
  const color = { RED: 0, GREEN: 5 } as const;
  const name: 'RED' | 'GREEN' | undefined = nameOf(color, 5);
  toJSON(name);
}

export function objects(): void {
  const typed: BpfMap<number, bigint> = object.map<number, bigint>('counts');
  check(true satisfies Equal<ReturnType<typeof object.map>, BpfMap>);
  const config = object.variable<{ rate: number }>('config');
  const rate: number = config.value.rate;
  // @ts-expect-error no such member
  toJSON([typed, rate, config.value.rat]);
  object.variable<bigint>('requests').atomic.add(1n);
}

/** A map that is made has the types of its options. */
export function created(): void {
  const hash = BpfMap.create({ type: 'hash', key: 'u32', value: 'u64', maxEntries: 1 });
  check(true satisfies Equal<ReturnType<typeof hash.get>, bigint | undefined>);
  hash.set(1, 2n);
  // @ts-expect-error a number is no u64, unless int64 is 'number'
  hash.set(1, 2);
  const numbers = hash.withInt64('number');
  check(true satisfies Equal<ReturnType<typeof numbers.get>, number | undefined>);
  check(
    true satisfies Equal<
      ReturnType<ReturnType<typeof numbers.withInt64<'bigint'>>['get']>,
      bigint | undefined
    >,
  );
  const asNumbers = BpfMap.create({ type: 'array', value: 'unsigned long', maxEntries: 1, int64: 'number' });
  check(true satisfies Equal<ReturnType<typeof asNumbers.get>, number | undefined>);
  const perCpu = BpfMap.create({ type: 'percpu_array', value: '__s16', maxEntries: 1 });
  check(true satisfies Equal<ReturnType<typeof perCpu.get>, number[] | undefined>);
  const queue = BpfMap.create({ type: 'queue', value: 'int', maxEntries: 1 });
  check(true satisfies Equal<ReturnType<typeof queue.pop>, number | undefined>);
  const raw = BpfMap.create({ type: 'lru_hash', key: 16, value: 8, maxEntries: 1 });
  check(true satisfies Equal<ReturnType<typeof raw.get>, Uint8Array | undefined>);
  const outer = BpfMap.create({ type: 'array_of_maps', innerMap: hash, maxEntries: 1 });
  outer.set(0, hash);
  check(true satisfies Equal<ReturnType<typeof outer.get>, number | undefined>);
  const newer = BpfMap.create({ type: 'type_99', key: 'u32', value: 'u64' });
  check(true satisfies Equal<typeof newer, BpfMap>);
  const mine = BpfMap.create<number, { n: bigint }>({ type: 'hash' });
  const both: bigint | number | undefined = mine.withInt64('number').get(1)?.n;
  // @ts-expect-error it may be a bigint
  const wrong: number | undefined = mine.withInt64('number').get(1)?.n;
  const all: BpfMap[] = [hash, numbers, asNumbers, perCpu, queue, raw, outer, newer, mine];
  toJSON([all, both, wrong]);
}
