/* What the library of the scenario and its users share. */
#pragma once
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

/* The library's routine: no section of its own, so a subprogram in .text, not a program. */
int lib_routine(void);
