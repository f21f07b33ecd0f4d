/* Typedefs of typedefs, qualifiers in all places. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
typedef unsigned int id_t;
typedef id_t user_id;
typedef const user_id const_id;
typedef int quad[4];
typedef struct {
  int a;
} unnamed_t;
typedef struct named {
  int a;
} named_t;
typedef void (*callback_t)(void*);
user_id uid;
const_id cid = 3;
volatile quad q;
unnamed_t un;
named_t nm;
struct named nm2;
callback_t cb;
const volatile struct named both;
unnamed_t list[2];
