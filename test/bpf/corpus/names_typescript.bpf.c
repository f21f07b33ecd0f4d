/* Words of TypeScript and JavaScript as names. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct class {
  int new, delete, function, in, of, get, set, readonly, await, async, yield, let, var, typeof_, constructor,
      prototype, __proto__, toString, hasOwnProperty;
};
struct string {
  int length;
};
struct number {
  int toFixed;
};
struct any {
  int a;
};
struct object {
  int a;
};
struct symbol {
  int a;
};
struct undefined {
  int a;
};
struct never {
  int a;
};
struct bigint {
  int a;
};
struct boolean {
  int a;
};
struct Uint8Array {
  int a;
};
struct BpfMap {
  int a;
};
struct Subskeleton {
  int a;
};
struct NumberVariable {
  int a;
};
struct Promise {
  int a;
};
struct require {
  int a;
};
struct exports {
  int a;
};
struct __esModule {
  int a;
};
struct Array {
  int a;
};
struct NamesTypescript {
  int a;
};
enum interface { private, public, protected, package, implements, __defineGetter__, __PROTO__ };
enum proto { __proto_, isPrototypeOf };
struct class class;
struct string string;
struct number number;
struct any any;
struct object object;
struct symbol symbol;
struct undefined undefined;
struct never never;
struct bigint bigint;
struct boolean boolean;
struct Uint8Array Uint8Array;
struct BpfMap BpfMap;
struct Subskeleton Subskeleton;
struct NumberVariable NumberVariable;
struct Promise Promise;
struct require require;
struct exports exports;
struct __esModule __esModule;
struct Array Array;
struct NamesTypescript NamesTypescript;
enum interface interface;
enum proto proto;
int maps, progs, data, bss, rodata, close, object_, links, let, yield, await, null, this, arguments, eval,
    import, export, super, toString, constructor, __proto__, hasOwnProperty, valueOf, then;
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct class);
} function SEC(".maps"), delete SEC(".maps");
SEC("raw_tp/sys_enter") int new (void* ctx) {
  return 0;
}
SEC("raw_tp/sys_enter") int with(void* ctx) {
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
