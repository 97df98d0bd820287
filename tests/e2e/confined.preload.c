/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For LD_PRELOAD: the first read(2) of pktview first tries what a reader of hostile files must not be
 * able to do, as code that came with the file would, and says on stderr what became of it:
 * "NAME ERRNO", 0 where it was possible. CAPTURE names a file that it was told of, CREATED one that
 * is not there, in a folder where everybody may create files.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void report(const char *name, long result)
{
	dprintf(STDERR_FILENO, "%s %d\n", name, result < 0 ? errno : 0);
}

static void try_files(const char *capture, const char *created)
{
	report("read-another-file", open("/etc/passwd", O_RDONLY));
	report("read-a-device", open("/dev/zero", O_RDONLY));
	report("read-a-folder", open("/", O_RDONLY | O_DIRECTORY));
	report("write-the-capture", open(capture, O_WRONLY));
	report("create-a-file", open(created, O_WRONLY | O_CREAT | O_EXCL, 0600));
	report("change-a-mode", chmod(created, 0666));
	report("remove-a-file", unlink(created));
}

static void try_processes(void)
{
	char *const words[] = { "/bin/true", NULL };
	pid_t child = (pid_t)syscall(SYS_fork);

	if (child == 0)
		_exit(0);
	report("fork", child);
	report("look-into-another", ptrace(PTRACE_PEEKDATA, getppid(), NULL, NULL));
	report("signal-another", kill(getppid(), 0));
	/* Whether the kernel has it, outside of pktview. */
	report("landlock", syscall(SYS_landlock_create_ruleset, NULL, 0, 1));
	report("run-a-program", execv(words[0], words));
}

static void try_network(void)
{
	report("open-a-socket", socket(AF_INET, SOCK_STREAM, 0));
	report("open-a-local-socket", socket(AF_UNIX, SOCK_STREAM, 0));
	report("become-root", setuid(0));
}

ssize_t read(int fd, void *ret_data, size_t length)
{
	static int has_tried;

	if (!has_tried) {
		has_tried = 1;
		try_files(getenv("CAPTURE"), getenv("CREATED"));
		try_network();
		try_processes();
	}
	return syscall(SYS_read, fd, ret_data, length);
}
