/*
 * What Debian's libstdc++ and libgcc (made for glibc) ask of a C library, and musl does not have under that name. With it,
 * Bun for musl, which wants a libstdc++ beside it, runs on a Debian that has the package musl: scripts/test-musl.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded;
struct { unsigned vendor, type, subtype, features[1]; } __cpu_model;
int __cpu_indicator_init(void) { return 0; }

uint32_t arc4random(void)
{
	uint32_t value = 0;
	(void)getrandom(&value, sizeof(value), 0);
	return value;
}

size_t __strftime_l(char *text, size_t size, const char *format, const struct tm *time, void *locale)
{
	(void)locale;
	return strftime(text, size, format, time);
}

/* Destructors of thread-local objects do not run: the process ends soon. */
int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *dso)
{
	(void)destroy, (void)object, (void)dso;
	return 0;
}

/* "Not found": libgcc then asks dl_iterate_phdr. */
int _dl_find_object(void *address, void *result)
{
	(void)address, (void)result;
	return -1;
}
