/* Pointers to everything, functions and arrays included. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct unknown;
struct list {
  struct list* next;
  struct list** prev;
  int (*compare)(const struct list*, const struct list*);
} head;
void* v;
int* i;
const char* text;
char* const fixed = 0;
struct unknown* u;
int (*fn)(void);
void (*handler)(int, ...);
int (*to_array)[4];
int* restrict r;
int (*(*returns_fn)(int))(char);
long (*table[3])(struct list*);
volatile int* volatile vp;
