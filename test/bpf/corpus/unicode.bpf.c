/* Комментарий · コメント · 💬: Unicode in comments, strings and tags. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
/* «кавычки» … ümläut … \u202e … 漢字 */
const char greeting[] = "grüß dich, 世界";  // 世界
int counter __attribute__((btf_decl_tag("größe: 漢字 💬")));
const char escapes[] = "\xff\x00\"'`${x}";
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  bpf_printk("тест %d", counter);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
