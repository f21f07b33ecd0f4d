/* What libbpf prints: reads lines "ID COMPACT SKIP_NAMES EMIT_ZEROES EMIT_STRINGS HEX", answers each with the text and a
 * record separator. */
#include <bpf/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(void *context, const char *format, va_list values) {
  (void)context;
  vprintf(format, values);
}

int main(int argc, char **argv) {
  struct btf *btf = argc > 1 ? btf__parse(argv[1], NULL) : NULL;
  if (!btf) return 1;
  struct btf_dump *dump = btf_dump__new(btf, print, NULL, NULL);
  if (!dump) return 1;
  unsigned id;
  int compact, skip_names, emit_zeroes, emit_strings;
  static char hex[1 << 20];
  while (scanf("%u %d %d %d %d %1048575s", &id, &compact, &skip_names, &emit_zeroes, &emit_strings, hex) == 6) {
    size_t size = strlen(hex) / 2;
    /* As far from any alignment as an array of the largest one is. */
    unsigned char *bytes = aligned_alloc(64, (size + 127) / 64 * 64);
    for (size_t i = 0; i < size; i++) sscanf(hex + i * 2, "%2hhx", bytes + i);
    LIBBPF_OPTS(btf_dump_type_data_opts, options, .compact = compact, .skip_names = skip_names,
                .emit_zeroes = emit_zeroes, .emit_strings = emit_strings);
    btf_dump__dump_type_data(dump, id, bytes, size, &options);
    printf("\x1e");
    free(bytes);
  }
  btf_dump__free(dump);
  btf__free(btf);
  return 0;
}
