/* SPDX-License-Identifier: GPL-2.0-only */
/* Escape sequences and writes, on a pseudo-terminal of which the test is the other end. */
#include "../../user/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define ENTER "\x1b[?1049h\x1b[?25l"
#define LEAVE "\x1b[0m\x1b[?25h\x1b[?1049l"
/* A terminal must not make anybody wait: then the whole test would. */
#define PATIENCE_SECONDS 60

static char received[1 << 20];

static const struct {
	const char *no_color, *lc_all, *lc_ctype, *lang; /* NULL: not set */
	bool has_colours, is_utf8;
	const char *type;
} styles[] = {
	{ NULL, NULL, NULL, "C.UTF-8", true, true, "linux-gnu" },
	{ NULL, NULL, NULL, "C.UTF-8", true, false, "linux" },
	{ NULL, NULL, NULL, NULL, true, false, "xterm" },
	{ "", NULL, NULL, "en_US.UTF-8", true, true, "xterm" },
	{ "1", NULL, NULL, "C.utf8", false, true, "xterm" },
	{ "0", NULL, NULL, "C", false, false, "xterm" },
	{ NULL, NULL, "C.UTF-8", "C", true, true, "xterm" },
	{ NULL, NULL, "POSIX", "en_US.UTF-8", true, false, "xterm" },
	{ NULL, "C", "C.UTF-8", "C.UTF-8", true, false, "xterm" },
	{ NULL, "", "", "de_DE.UTF-8@euro", true, true, "xterm" },
	{ NULL, "de_DE.ISO-8859-1", NULL, "C.UTF-8", true, false, "xterm" },
};

static void set_variable(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static const char *shown(const char *value)
{
	return value ? value : "-";
}

static void test_styles(void)
{
	for (size_t i = 0; i < LENGTH(styles); i++) {
		struct panel_style style;

		set_variable("NO_COLOR", styles[i].no_color);
		set_variable("LC_ALL", styles[i].lc_all);
		set_variable("LC_CTYPE", styles[i].lc_ctype);
		set_variable("LANG", styles[i].lang);
		set_variable("TERM", styles[i].type);
		style = terminal_style();
		check(style.has_colours == styles[i].has_colours &&
			      style.is_utf8 == styles[i].is_utf8,
		      "TERM=%s NO_COLOR=%s LC_ALL=%s LC_CTYPE=%s LANG=%s: %s colours, %s",
		      shown(styles[i].type), shown(styles[i].no_color), shown(styles[i].lc_all),
		      shown(styles[i].lc_ctype), shown(styles[i].lang),
		      styles[i].has_colours ? "with" : "without",
		      styles[i].is_utf8 ? "UTF-8" : "ASCII");
	}
}

/* Opens both ends, with 80 columns and 24 lines; false where there are no pseudo-terminals. */
static bool open_pair(int *ret_master, int *ret_terminal)
{
	const struct winsize size = { .ws_col = 80, .ws_row = 24 };

	*ret_master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (*ret_master < 0 || grantpt(*ret_master) || unlockpt(*ret_master))
		return false;
	*ret_terminal = open(ptsname(*ret_master), O_RDWR | O_NOCTTY);
	return *ret_terminal >= 0 && ioctl(*ret_master, TIOCSWINSZ, &size) == 0;
}

/* What has come out so far. */
static const char *receive(int master)
{
	size_t used = 0;
	ssize_t count;

	while (used < sizeof(received) - 1) {
		count = read(master, received + used, sizeof(received) - 1 - used);
		if (count <= 0)
			break;
		used += (size_t)count;
	}
	received[used] = '\0';
	return received;
}

static void test_check(int terminal)
{
	static const struct {
		const char *type;
		bool is_usable;
	} types[] = { { NULL, false }, { "", false }, { "dumb", false }, { "xterm", true } };
	struct error why;
	int pipe_fds[2];

	for (size_t i = 0; i < LENGTH(types); i++) {
		set_variable("TERM", types[i].type);
		check((terminal_check(terminal, &why) == 0) == types[i].is_usable,
		      "TERM=%s: the panel can%s be shown", shown(types[i].type),
		      types[i].is_usable ? "" : "not");
	}
	check(pipe(pipe_fds) == 0 && terminal_check(pipe_fds[1], &why) == -ENOTTY &&
		      strstr(why.message, "no terminal"),
	      "on a pipe the panel cannot be shown");
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

static bool begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static unsigned int count_of(const char *text, const char *part)
{
	unsigned int count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

static void test_screen(int master, int fd, const struct panel *panel)
{
	const struct winsize wide = { .ws_col = 200, .ws_row = 3 };
	struct terminal *terminal;
	struct error why;

	if (!check(terminal_open(fd, &terminal, &why) == 0, "a terminal can be opened again"))
		return;
	check(!(fcntl(fd, F_GETFL) & O_NONBLOCK),
	      "opened again, the terminal of others still waits");
	check(!*receive(master), "before the first drawing nothing is written");
	terminal_draw(terminal, panel);
	check(begins_with(receive(master), ENTER "\x1b[H") && ends_with(received, "\x1b[J"),
	      "the first drawing enters the alternate screen and hides the cursor");
	check(count_of(received, "\r\n") + 1 == count_of(received, "\x1b[K"),
	      "each line ends with the rest of it cleared, the last without a new one");
	terminal_draw(terminal, panel);
	check(begins_with(receive(master), "\x1b[H") && !strstr(received, "\x1b[?"),
	      "the next drawing is in the same place");
	check(ioctl(master, TIOCSWINSZ, &wide) == 0, "a terminal can change its size");
	terminal_draw(terminal, panel);
	check(count_of(receive(master), "\r\n") == 2, "the drawing has the size of the terminal");
	terminal_close(terminal);
	check(strcmp(receive(master), LEAVE) == 0,
	      "at the end the normal screen and its cursor are back");
	if (check(terminal_open(fd, &terminal, &why) == 0, "a terminal can be opened twice"))
		terminal_close(terminal);
	check(!*receive(master), "what was never drawn needs no way back");
	terminal_restore(fd);
	check(strcmp(receive(master), LEAVE) == 0, "another process can bring the screen back");
}

/* Nobody reads for a while: every call comes back, and then a whole drawing comes. */
static void test_stall(int master, int fd, const struct panel *panel)
{
	struct winsize size = { .ws_col = 240, .ws_row = 60 };
	struct terminal *terminal;
	struct error why;
	unsigned int tries = 0;

	if (ioctl(master, TIOCSWINSZ, &size) || terminal_open(fd, &terminal, &why))
		return;
	alarm(PATIENCE_SECONDS);
	for (int i = 0; i < 1000; i++)
		terminal_draw(terminal, panel);
	check(true, "a terminal that takes nothing makes nobody wait");
	while (terminal_continue(terminal) && tries < 1000)
		tries++;
	check(tries < 100, "a terminal that takes nothing is left alone after a while");
	check_note("%u tries", tries);
	receive(master);
	for (int i = 0; i < 20; i++) {
		terminal_draw(terminal, panel);
		for (tries = 0; tries < 100 && *receive(master) && terminal_continue(terminal);
		     tries++)
			;
	}
	receive(master);
	terminal_draw(terminal, panel);
	check(begins_with(receive(master), "\x1b[H"),
	      "when it takes something again, it gets whole drawings");
	terminal_close(terminal);
	receive(master);
	alarm(0);
}

static void test_vanished(int master, int fd, const struct panel *panel)
{
	struct terminal *terminal;
	struct error why;

	if (terminal_open(fd, &terminal, &why))
		return;
	terminal_draw(terminal, panel);
	close(master);
	for (int i = 0; i < 100; i++)
		terminal_draw(terminal, panel);
	terminal_close(terminal);
	check(true, "a terminal that is gone harms nobody");
}

int main(void)
{
	const struct report_figures figures = { .time_ns = 1000000000, .ring_bytes = 1 << 20 };
	const struct panel panel = {
		.interface = "eth0",
		.filter = "",
		.before = &figures,
		.now = &figures,
	};
	int master, fd;

	test_styles();
	if (!open_pair(&master, &fd)) {
		check_skip("a panel is drawn on a terminal", "there is no pseudo-terminal");
		return check_finish();
	}
	test_check(fd);
	test_screen(master, fd, &panel);
	test_stall(master, fd, &panel);
	test_vanished(master, fd, &panel);
	close(fd);
	return check_finish();
}
