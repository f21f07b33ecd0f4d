/* A library with one of everything that a descriptor can say. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __decl_tag(text) __attribute__((btf_decl_tag(text)))
#define __hidden_variable __attribute__((visibility("hidden")))

enum state { IDLE, RUNNING = 5, DONE };

struct key {
	int pid;
	unsigned int kind : 3, flags : 7;
	_Bool seen : 1;
};

typedef struct {
	long total __decl_tag("unit:ns");
	char comm[16];
} usage_t;

struct inner_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, struct key);
	__type(value, usage_t);
} per_key SEC(".maps") __decl_tag("shared");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, struct inner_map);
} outer SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} jumps SEC(".maps");

extern struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
} elsewhere SEC(".maps");

extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[32] __kconfig;
extern const void bpf_prog_active __ksym __weak;
extern int kernel_function(int a) __ksym;
extern int other_variable;
extern int other_weak __weak;
extern int other_array[];
extern int other_function(int x, char *name);

volatile __u64 requests;
int numbers[3] = { 1, 2, 3 };
int (*callback)(int, const char *);
const volatile int sample_rate = 3;
static int private_count = 7;
__weak int limit = 8;
int invisible __hidden_variable = 1;
int tagged __decl_tag("first") __decl_tag("second") = 2;
struct {
	int a;
	long b;
	union {
		int c;
		struct {
			char d;
		};
	};
} anonymous;
int custom SEC(".data.custom") = 7;
const int custom_constant SEC(".rodata.custom") = 7;
enum state current = RUNNING;
struct {
	int count;
	int values[];
} flexible = { 2, { 4, 5, 6 } };
int (*matrices[4])[3];
usage_t last;

__attribute__((noinline)) int routine(int x)
{
	return x + private_count + other_variable + other_weak + other_array[x & 3] + custom_constant;
}

__hidden __attribute__((noinline)) int hidden_routine(int x)
{
	return x * invisible + requests;
}

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	int key = 0;

	private_count++;
	bpf_map_lookup_elem(&elsewhere, &key);
	return routine(LINUX_KERNEL_VERSION + CONFIG_BPF + CONFIG_DEFAULT_HOSTNAME[0]) + other_function(1, 0) +
	       hidden_routine(kernel_function(1)) + (int)(long)&bpf_prog_active;
}

SEC("raw_tp/sys_exit")
int on_exit(void *ctx)
{
	return numbers[0] + sample_rate;
}

SEC("raw_tp/sys_exit")
__weak int on_exit_too(void *ctx)
{
	return 0;
}

SEC("?xdp")
int filter(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
