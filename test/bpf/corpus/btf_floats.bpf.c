/* float, double and long double. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
float f = 1.5f;
double d = 2.5;
float fs[3];
double ds[2];
struct floats {
  float a;
  double b;
} both;
