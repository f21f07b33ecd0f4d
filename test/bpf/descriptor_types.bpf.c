/* One global of every kind of type. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __kptr __attribute__((btf_type_tag("kptr")))

struct forward;
union forward_union;
typedef unsigned int u32_t;
typedef u32_t level_t;
typedef struct node node_t;
struct node {
	node_t *next, **previous;
	struct node (*maker)(struct node *, ...);
	level_t level;
};
enum color { RED, GREEN = 10, BLUE };
typedef enum { UP, DOWN } direction_t;

struct bits {
	unsigned char a : 1, b : 2;
	signed char c : 5;
	_Bool d : 1;
	enum color e : 5;
	unsigned int f : 17;
	long long g : 40;
	unsigned long long h : 64;
};

struct __attribute__((packed)) packed_bits {
	char tag;
	unsigned int a : 13;
	long b;
	short c : 9;
};

struct aligned {
	char c;
	int v __attribute__((aligned(64)));
};

union number {
	int i;
	float f;
	double d;
	unsigned __int128 wide;
	struct {
		short low, high;
	};
};

struct nested {
	struct bits bits[2];
	union number numbers[2][3];
	struct {
		int x;
		struct {
			int y, z;
		} inner;
	} named;
	struct empty {
	} empty;
	char text[8], matrix[2][4];
	int zero[0];
	int flexible[];
};

char c;
signed char sc;
unsigned char uc;
short s;
unsigned short us;
int i;
unsigned int ui;
long l;
unsigned long long ull;
__int128 wide;
unsigned __int128 unsigned_wide;
_Bool flag;
float f;
double d;
enum color color;
direction_t direction;
enum { LEFT = -3, RIGHT } anonymous_enum;
level_t level;
volatile level_t volatile_level;
const volatile struct bits constant_bits = {};
struct bits bits;
struct packed_bits packed_bits;
struct aligned aligned;
union number number;
struct nested nested;
struct node node;
struct forward *forward;
union forward_union *forward_union;
char text[16];
int matrix[2][3][4];
const char *const names[4] = { "a" };
int *(*array_of_pointers_to_arrays[2])[3];
void (*handlers[4])(struct node *, const char *restrict, ...);
int (*(*function_to_function)(int))(void);
void *pointer;
struct forward __kptr *tagged;
direction_t directions[2];
_Bool flags[3];
struct node nodes[2];

char LICENSE[] SEC("license") = "GPL";
