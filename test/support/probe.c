/* A process to probe: calls two functions and passes a USDT probe for each byte that it reads, and answers each. */
#include <unistd.h>

/* As <sys/sdt.h> does it: a nop, and a note that says where it is. The argument is in the register of `value`. */
#define USDT(provider, name, value)                                                                                    \
	__asm__ volatile("990: nop\n"                                                                                  \
			 ".pushsection .note.stapsdt,\"\",\"note\"\n"                                                  \
			 ".balign 4\n"                                                                                 \
			 ".4byte 992f-991f, 994f-993f, 3\n"                                                            \
			 "991: .asciz \"stapsdt\"\n"                                                                   \
			 "992: .balign 4\n"                                                                            \
			 "993: .8byte 990b\n"                                                                          \
			 ".8byte _.stapsdt.base\n"                                                                     \
			 ".8byte 0\n"                                                                                  \
			 ".asciz \"" provider "\"\n"                                                                   \
			 ".asciz \"" name "\"\n"                                                                       \
			 ".asciz \"-8@%0\"\n"                                                                          \
			 "994: .balign 4\n"                                                                            \
			 ".popsection\n"                                                                               \
			 ".ifndef _.stapsdt.base\n"                                                                    \
			 ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"                       \
			 ".weak _.stapsdt.base\n"                                                                      \
			 ".hidden _.stapsdt.base\n"                                                                    \
			 "_.stapsdt.base: .space 1\n"                                                                  \
			 ".size _.stapsdt.base, 1\n"                                                                   \
			 ".popsection\n"                                                                               \
			 ".endif\n"                                                                                    \
			 :                                                                                             \
			 : "r"(value))

__attribute__((noinline)) long probed_first(long value)
{
	__asm__ volatile("" : "+r"(value));
	return value + 1;
}

__attribute__((noinline)) long probed_second(long value)
{
	__asm__ volatile("" : "+r"(value));
	return value + 2;
}

int main(void)
{
	char byte;

	while (read(0, &byte, 1) == 1) {
		long value = probed_first(1) + probed_second(2);

		USDT("subskel", "tick", value);
		if (write(1, &byte, 1) != 1)
			return 1;
	}
	return 0;
}
