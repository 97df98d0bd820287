/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * within NAMESPACE PROGRAM [ARGUMENT...]: runs a program in a network namespace, in this very
 * process, with the signals as a terminal would have them: what a shell starts in the
 * background ignores SIGINT, and that is inherited.
 */
#include <signal.h>
#include <string.h>

#include "namespace.h"

int main(int argc, char **argv)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE };
	sigset_t none;
	size_t i;
	int error;

	if (argc < 3) {
		fprintf(stderr, "usage: within NAMESPACE PROGRAM [ARGUMENT...]\n");
		return 126;
	}
	error = namespace_enter(argv[1]);
	if (error) {
		fprintf(stderr, "within: namespace '%s': %s\n", argv[1], strerror(-error));
		return 126;
	}
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[2], argv + 2);
	fprintf(stderr, "within: '%s': %s\n", argv[2], strerror(errno));
	return 127;
}
