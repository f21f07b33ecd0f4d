/*
 * Preloaded into a process, it stands between libbpf and the kernel: struct_ops maps are arrays, a link of one is another
 * descriptor of the link STAND_IN, which says that it is of struct_ops, and no link is ever updated (EXDEV). So tests can
 * ask for what ends kernels.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <linux/bpf.h>

enum { STRUCT_OPS_MAP = 26, STRUCT_OPS_ATTACH = 44, STRUCT_OPS_LINK = 9 };

static long (*kernel)(long, ...);
static int link_fd = -1;
static unsigned int map_id;

static unsigned int id_of(int map_fd) {
  struct bpf_map_info info = {};
  union bpf_attr attr = {};

  attr.info.bpf_fd = map_fd;
  attr.info.info_len = sizeof(info);
  attr.info.info = (unsigned long)&info;
  kernel(__NR_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));
  return info.id;
}

static long create_map(union bpf_attr attr, long size) {
  attr.map_type = BPF_MAP_TYPE_ARRAY;
  attr.map_flags = 0;
  attr.btf_fd = attr.btf_key_type_id = attr.btf_value_type_id = attr.btf_vmlinux_value_type_id = 0;
  return kernel(__NR_bpf, BPF_MAP_CREATE, &attr, size);
}

static long bpf(int command, union bpf_attr* attr, long size) {
  long result;

  if (command == BPF_LINK_UPDATE) {
    errno = EXDEV;
    return -1;
  }
  if (command == BPF_MAP_CREATE && attr->map_type == STRUCT_OPS_MAP) return create_map(*attr, size);
  if (command == BPF_LINK_CREATE && attr->link_create.attach_type == STRUCT_OPS_ATTACH) {
    map_id = id_of(attr->link_create.prog_fd);
    return link_fd = fcntl(atoi(getenv("STAND_IN")), F_DUPFD_CLOEXEC, 3);
  }
  result = kernel(__NR_bpf, command, attr, size);
  if (result == 0 && command == BPF_OBJ_GET_INFO_BY_FD && link_fd >= 0 && (int)attr->info.bpf_fd == link_fd) {
    unsigned int* info = (unsigned int*)(unsigned long)attr->info.info;

    info[0] = STRUCT_OPS_LINK;
    info[4] = map_id;
  }
  return result;
}

long syscall(long number, ...) {
  va_list list;
  long a[6];

  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (kernel == NULL) kernel = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  if (number == __NR_bpf) return bpf((int)a[0], (union bpf_attr*)a[1], a[2]);
  return kernel(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
