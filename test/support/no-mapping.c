/*
 * Preloaded: one mmap() of a BPF map fails with ENOMEM, as where a process has too many mappings: the one that the
 * environment variable NO_MAPPING says, counted from 0. Those at a fixed address, which are libbpf's, do not count.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_bpf_map(int fd)
{
	char name[64], target[64] = "";

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return readlink(name, target, sizeof(target) - 1) > 0 && strstr(target, "bpf-map") != NULL;
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset)
{
	static void *(*real)(void *, size_t, int, int, int, off64_t);
	static int count;
	const char *turn = getenv("NO_MAPPING");

	if (real == NULL)
		real = (void *(*)(void *, size_t, int, int, int, off64_t))dlsym(RTLD_NEXT, "mmap64");
	if (fd >= 0 && (flags & MAP_SHARED) && !(flags & MAP_FIXED) && turn != NULL && is_bpf_map(fd) &&
	    count++ == atoi(turn)) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return real(address, length, protection, flags, fd, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return mmap64(address, length, protection, flags, fd, offset);
}
