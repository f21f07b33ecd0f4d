/* Arrays: of everything, of arrays, of no length. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
int one[3];
int two[2][3];
int three[2][3][4];
__u8 bytes[5];
__u16 halves[5];
long longs[5];
_Bool flags[3];
char text[8];
char texts[2][8];
void* pointers[3];
unsigned __int128 wides[2];
signed char signed_chars[3];
struct element {
  int a;
  char name[4];
} structs[3];
union {
  int a;
  char b;
} unions[2];
int none[0];
