/** What the library packages cost per event, in BPF, beside what such a program does by hand: a hash map's counter. */
import { Latency } from '@libbpf-subskel/latency';
import { RateLimit } from '@libbpf-subskel/rate-limit';
import { TopK } from '@libbpf-subskel/top-k';
import { BpfObject } from 'libbpf-subskel';
import { linkPackages } from '../../test/support/packages';
import { compare, type Measured } from '../measure';

const PROGRAMS: Record<string, [name: string, body: string]> = {
  record: ['latency_record', 'latency_record(0, random)'],
  start_end: ['latency_start and latency_end', 'latency_start(1), latency_end(1, 0)'],
  top_one: ['top_k_add, one key', 'top_k_add(0, 1, 1)'],
  top_few: ['top_k_add, 256 keys at random', 'top_k_add(0, random & 0xff, 1)'],
  top_many: ['top_k_add, 4 billion keys at random', 'top_k_add(0, random, 1)'],
  granted: ['rate_limit_take, granted', 'rate_limit_take(0, 1)'],
  refused: ['rate_limit_take, refused', 'rate_limit_take(1, 1)'],
  granted_key: ['rate_limit_take_key, 256 keys, granted', 'rate_limit_take_key(0, random & 0xff, 1)'],
};

const program = (name: string, body: string): string =>
  `SEC("tc") int ${name}(struct __sk_buff *skb) { __u64 random = bpf_get_prandom_u32(); ${body}; return random != 0; }\n`;

const SOURCE = `
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} by_hand SEC(".maps");

static __always_inline void count(__u64 key)
{
	__u64 one = 1, *value = bpf_map_lookup_elem(&by_hand, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
	else
		bpf_map_update_elem(&by_hand, &key, &one, BPF_NOEXIST);
}
${program('empty', '')}${program('counter', 'count(random & 0xff)')}
${Object.entries(PROGRAMS)
  .map(([name, [, body]]) => program(name, body))
  .join('')}`;

export async function run(): Promise<Measured[]> {
  const object = BpfObject.open(
    await linkPackages('bench_packages', SOURCE, ['latency', 'top-k', 'rate-limit']),
  );
  new Latency(object);
  new TopK(object);
  const limits = new RateLimit(object);
  limits.configure(0, { rate: 1e9, burst: 1e9 }).configure(1, { rate: 0.01, burst: 1 });
  object.load();
  const data = new Uint8Array(64);
  const repeat = 1_000_000;
  const duration = (name: string): number => object.program(name).testRun({ data, repeat }).duration;
  const net = (name: string): number => duration(name) - duration('empty');
  const results = Object.entries(PROGRAMS).map(([name, [title]]) =>
    compare(
      title,
      7,
      () => net(name),
      () => net('counter'),
      'ns',
    ),
  );
  object.close();
  return results;
}
