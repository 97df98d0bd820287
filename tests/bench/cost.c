/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost FILE PROGRAM [ARGUMENT...]: runs it with its output thrown away, and appends to FILE a line of
 * how many seconds that took, of these on a processor, and how many KiB of memory it had at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void run(char **words)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(126);
	execvp(words[0], words);
	_exit(127);
}

int main(int argc, char **argv)
{
	double begin = now();
	struct rusage usage;
	int status = 0;
	pid_t child;
	FILE *out;

	if (argc < 3) {
		fputs("usage: cost FILE PROGRAM [ARGUMENT...]\n", stderr);
		return 1;
	}
	/* vfork(): a copy of this process would count as the program's memory. */
	child = vfork();
	if (child == 0)
		run(argv + 2);
	if (child < 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > 1) {
		fprintf(stderr, "cost: '%s' failed\n", argv[2]);
		return 1;
	}
	out = fopen(argv[1], "a");
	if (!out) {
		fprintf(stderr, "cost: cannot open '%s': %s\n", argv[1], strerror(errno));
		return 1;
	}
	fprintf(out, "%.3f %.3f %ld\n", now() - begin,
		seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
	return fclose(out) ? 1 : 0;
}
