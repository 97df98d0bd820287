/* SPDX-License-Identifier: GPL-2.0-only */
/* See terminal.h. */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define USUAL_COLUMNS 80

/* A terminal that does not know its size says 0. */
unsigned int terminal_columns(FILE *out)
{
	struct winsize size = { 0 };
	struct termios modes;

	if (tcgetattr(fileno(out), &modes))
		return 0;
	(void)ioctl(fileno(out), TIOCGWINSZ, &size);
	return size.ws_col ? size.ws_col : USUAL_COLUMNS;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

struct terminal terminal_of(FILE *out, enum colour colour)
{
	struct terminal terminal = { .columns = terminal_columns(out) };
	const char *kind = getenv("TERM");
	bool is_able = terminal.columns && kind && strcmp(kind, "dumb") != 0;

	terminal.has_colours = colour == COLOUR_ALWAYS ||
			       (colour == COLOUR_AUTO && is_able && !is_set("NO_COLOR"));
	return terminal;
}
