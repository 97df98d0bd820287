/* SPDX-License-Identifier: GPL-2.0-only */
/* Escape sequences (ECMA-48, and the private modes of xterm) and writes; see terminal.h. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Mode 1049: the alternate screen, with the cursor's place saved; 25: the cursor is shown. */
#define ENTER "\x1b[?1049h\x1b[?25l"
#define LEAVE "\x1b[0m\x1b[?25h\x1b[?1049l"
#define HOME "\x1b[H"
#define CLEAR_TO_LINE_END "\x1b[K"
#define CLEAR_TO_SCREEN_END "\x1b[J"
#define NEXT_LINE "\r\n"

#define FRAME_BYTES (PANEL_MAXIMUM_LINES * (PANEL_LINE_BYTES + 8) + 64)
/* After so many tries in a row that wrote nothing, the rest waits for the next drawing. */
#define MAXIMUM_TRIES 8

struct terminal {
	int fd;     /* the caller's: writing may wait */
	int own_fd; /* the same terminal: writing does not wait */
	struct panel_style style;
	bool is_entered; /* the alternate screen is shown */
	unsigned int tries;
	size_t frame_bytes;
	size_t sent_bytes;  /* of the frame */
	size_t sent_before; /* of it when the last drawing was due */
	struct winsize size;
	struct panel_screen screen;
	char frame[FRAME_BYTES];
};

int terminal_check(int fd, struct error *reterr)
{
	const char *type = getenv("TERM");

	if (!isatty(fd))
		return error_set(reterr, -ENOTTY, "standard error is no terminal");
	if (!type || !*type || strcmp(type, "dumb") == 0)
		return error_set(reterr, -ENOTTY, "the terminal has no screen (TERM is '%s')",
				 type ? type : "");
	return 0;
}

bool terminal_is_ours(int fd)
{
	return tcgetpgrp(fd) == getpgrp();
}

/* locale(7): the first of these that is set and not empty decides. */
static bool is_utf8_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
	}
	return false;
}

struct panel_style terminal_style(void)
{
	const char *no_color = getenv("NO_COLOR"), *type = getenv("TERM");
	/* The fonts of Linux's own console have no parts of a block. */
	bool is_console = type && strcmp(type, "linux") == 0;

	return (struct panel_style){
		.has_colours = !no_color || !*no_color,
		.is_utf8 = is_utf8_locale() && !is_console,
	};
}

int terminal_open(int fd, struct terminal **ret_terminal, struct error *reterr)
{
	_cleanup_free_ struct terminal *terminal = calloc(1, sizeof(*terminal));
	char path[32];

	if (!terminal)
		return error_set(reterr, -ENOMEM, "out of memory");
	/* Not dup(): whether a write waits belongs to what both would share, with the shell. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	terminal->fd = fd;
	terminal->own_fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (terminal->own_fd < 0)
		return error_set(reterr, -errno, "cannot open the terminal: %s", strerror(errno));
	terminal->style = terminal_style();
	*ret_terminal = TAKE(terminal);
	return 0;
}

static void write_all(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t written;

	while (left) {
		written = write(fd, text, left);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		text += written;
		left -= (size_t)written;
	}
}

void terminal_restore(int fd)
{
	write_all(fd, LEAVE);
}

void terminal_close(struct terminal *terminal)
{
	if (!terminal)
		return;
	close(terminal->own_fd);
	if (terminal->is_entered)
		terminal_restore(terminal->fd);
	free(terminal);
}

/* One text for the whole screen: nothing is cleared that is not drawn at once. */
static void make_frame(struct terminal *terminal)
{
	char *end = terminal->frame;

	if (!terminal->is_entered)
		end = stpcpy(end, ENTER);
	end = stpcpy(end, HOME);
	for (unsigned int i = 0; i < terminal->screen.count; i++) {
		if (i)
			end = stpcpy(end, NEXT_LINE);
		end = stpcpy(end, terminal->screen.lines[i].text);
		end = stpcpy(end, CLEAR_TO_LINE_END);
	}
	end = stpcpy(end, CLEAR_TO_SCREEN_END);
	terminal->frame_bytes = (size_t)(end - terminal->frame);
	terminal->sent_bytes = terminal->sent_before = 0;
	terminal->tries = 0;
}

bool terminal_continue(struct terminal *terminal)
{
	size_t left = terminal->frame_bytes - terminal->sent_bytes;
	ssize_t written;

	if (!left || terminal->tries == MAXIMUM_TRIES)
		return false;
	written = write(terminal->own_fd, terminal->frame + terminal->sent_bytes, left);
	if (written <= 0) {
		/* A terminal that is gone, too: what ends the capture comes as a signal. */
		terminal->tries++;
		return terminal->tries < MAXIMUM_TRIES;
	}
	terminal->tries = 0;
	terminal->sent_bytes += (size_t)written;
	if (terminal->sent_bytes >= strlen(ENTER))
		terminal->is_entered = true;
	return terminal->sent_bytes < terminal->frame_bytes;
}

/* A slow terminal gets the rest of what it has begun to show; one that stands still does not. */
static bool is_still_drawing(struct terminal *terminal)
{
	bool has_moved = terminal->sent_bytes > terminal->sent_before;

	terminal->sent_before = terminal->sent_bytes;
	if (!has_moved || terminal->sent_bytes == terminal->frame_bytes)
		return false;
	terminal->tries = 0;
	terminal_continue(terminal);
	return terminal->sent_bytes < terminal->frame_bytes;
}

static bool has_new_size(struct terminal *terminal)
{
	struct winsize before = terminal->size, size;

	if (ioctl(terminal->own_fd, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row)
		size = (struct winsize){ .ws_col = 80, .ws_row = 24 };
	terminal->size = size;
	return size.ws_col != before.ws_col || size.ws_row != before.ws_row;
}

void terminal_draw(struct terminal *terminal, const struct panel *panel)
{
	struct panel sized = *panel;

	if (!has_new_size(terminal) && is_still_drawing(terminal))
		return;
	/* In the last column some terminals go on to the next line, others wait. */
	sized.width = terminal->size.ws_col - 1u;
	sized.height = terminal->size.ws_row;
	sized.style = terminal->style;
	panel_render(&sized, &terminal->screen);
	make_frame(terminal);
	terminal_continue(terminal);
}

void terminal_ignore_stops(void)
{
	signal(SIGTSTP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGTTIN, SIG_IGN);
}
