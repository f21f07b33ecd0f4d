/*
 * delegate FOLDER COMMAND ARGUMENT…: runs a command as root of a user namespace of its own, with a BPF file system at
 * FOLDER that delegates everything: what a container manager does for a container that may use BPF by tokens.
 *
 * The file system must belong to the inner namespace, and only the outer root may set what it delegates. So the inner
 * process opens it, and the outer one gets hold of the descriptor, sets the options and creates it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(long result, const char *what)
{
	if (result >= 0)
		return;
	perror(what);
	_exit(1);
}

static void write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	const int fd = open(path, O_WRONLY);
	check(fd, path);
	check(write(fd, text, strlen(text)), path);
	close(fd);
}

static int inner(int from, int to, char **argv)
{
	char go;
	check(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	const int context = syscall(SYS_fsopen, "bpf", 0);
	check(context, "fsopen");
	check(write(to, &context, sizeof context), "write");
	check(read(from, &go, 1) == 1 ? 0 : -1, "read");
	const int mounted = syscall(SYS_fsmount, context, 0, 0);
	check(mounted, "fsmount");
	check(syscall(SYS_move_mount, mounted, "", AT_FDCWD, argv[1], MOVE_MOUNT_F_EMPTY_PATH), "move_mount");
	close(context);
	close(mounted);
	close(from);
	close(to);
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}

int main(int argc, char **argv)
{
	static const char *const options[] = {"delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs"};
	int up[2], down[2], number, status;
	if (argc < 3)
		return 2;
	check(pipe2(up, O_CLOEXEC), "pipe");
	check(pipe2(down, O_CLOEXEC), "pipe");
	const pid_t child = fork();
	check(child, "fork");
	if (child == 0) {
		/* So that the one end sees when the other is gone. */
		close(up[0]);
		close(down[1]);
		return inner(down[0], up[1], argv);
	}
	close(up[1]);
	close(down[0]);
	check(read(up[0], &number, sizeof number) == sizeof number ? 0 : -1, "the inner process");
	const int process = syscall(SYS_pidfd_open, child, 0);
	check(process, "pidfd_open");
	const int context = syscall(SYS_pidfd_getfd, process, number, 0);
	check(context, "pidfd_getfd");
	for (int i = 0; i < 4; i++)
		check(syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, options[i], "any", 0), options[i]);
	check(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "create");
	write_file(child, "setgroups", "deny");
	write_file(child, "uid_map", "0 0 1");
	write_file(child, "gid_map", "0 0 1");
	check(write(down[1], "", 1), "write");
	check(waitpid(child, &status, 0), "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
