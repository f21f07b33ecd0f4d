/* Integers of all sizes, chars and bools. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
char c = 'c';
signed char sc = -1;
unsigned char uc = 1;
short s = -2;
unsigned short us = 2;
int i = -3;
unsigned int ui = 3;
long l = -4;
unsigned long ul = 4;
long long ll = -5;
unsigned long long ull = 5;
__int128 i128 = -6;
unsigned __int128 u128 = 6;
_Bool b = 1;
__u8 u8;
__s8 s8;
__u16 u16;
__s16 s16;
__u32 u32;
__s32 s32;
__u64 u64;
__s64 s64;
__be32 be32;
const volatile int ci = 5;
