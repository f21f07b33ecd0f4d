/*
 * What elfutils' configure would find out on Linux with glibc or musl, as far as libelf asks.
 * No zstd: BPF objects have no zstd-compressed sections that we would have to read, and it would be one more
 * library to link. No locks: every Elf handle is used by one thread.
 */
#ifndef LIBBPF_SUBSKEL_ELFUTILS_CONFIG_H
#define LIBBPF_SUBSKEL_ELFUTILS_CONFIG_H

/* Says whether the C library is glibc. */
#include <features.h>

#ifdef __GLIBC__
#define HAVE_ERROR_H 1
#endif
#define HAVE_ERR_H 1
#define HAVE_FALLTHROUGH 1
#define HAVE_MREMAP 1
#define HAVE_STDATOMIC_H 1
#define HAVE_VISIBILITY 1

#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_MEMRCHR 1
#define HAVE_DECL_POWEROF2 1
#ifdef __GLIBC__
#define HAVE_DECL_RAWMEMCHR 1
#else
#define HAVE_DECL_RAWMEMCHR 0
#endif
#define HAVE_DECL_REALLOCARRAY 1

/* Unaligned headers in an object from memory are copied, not read in place. */
#define CHECK_UNDEFINED 1

#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64
#endif

/* Ends like the generated one: libelf's sources count on it. */
#include <eu-config.h>

#endif
