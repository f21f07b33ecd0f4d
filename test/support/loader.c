/*
 * An agent in C: loads an object with libbpf, attaches its programs, says the ids of them, and does something that they see
 * whenever a line comes; ends at the end of its input.
 *
 * usage: loader OBJECT
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

int main(int argc, char **argv)
{
	struct bpf_object *object = bpf_object__open_file(argv[argc - 1], NULL);
	struct bpf_program *program;
	char line[16];

	if (!object || bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!bpf_program__attach(program) || bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &size))
			return 1;
		printf("%u\n", info.id);
	}
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		close(open("/dev/null", O_RDONLY));
		printf("done\n");
		fflush(stdout);
	}
	return 0;
}
