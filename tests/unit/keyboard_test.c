/* SPDX-License-Identifier: GPL-2.0-only */
/* Modes and reads of a terminal that is stdin, in a session of its own. */
#include "../../user/keyboard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../user/terminal.h"
#include "check.h"

#define PATIENCE_MS 30000

static int master;

static struct termios modes(void)
{
	struct termios present = { 0 };

	tcgetattr(STDIN_FILENO, &present);
	return present;
}

static bool has(struct termios present, tcflag_t flags)
{
	return (present.c_lflag & flags) == flags;
}

static bool are_same(struct termios a, struct termios b)
{
	return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_lflag == b.c_lflag &&
	       memcmp(a.c_cc, b.c_cc, sizeof(a.c_cc)) == 0;
}

static void test_modes(void)
{
	struct keyboard keyboard = { .fd = STDIN_FILENO };
	struct termios before = modes(), raw;

	check(keyboard_is_ours(), "a terminal in whose foreground this is, is ours");
	keyboard_hold(&keyboard);
	check(!(modes().c_lflag & (ICANON | ECHO)), "held, it neither waits for Return nor echoes");
	check(has(modes(), ISIG) && modes().c_oflag == before.c_oflag,
	      "signals and output stay as they are");
	keyboard_hold(&keyboard);
	keyboard_release(&keyboard);
	check(are_same(modes(), before),
	      "released, it has its modes back, however often it was held");
	keyboard_release(&keyboard);
	check(are_same(modes(), before), "released twice it keeps them");

	keyboard_hold(&keyboard);
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	keyboard_release(&keyboard);
	check(are_same(modes(), raw), "modes that another process has set stay");
	tcsetattr(STDIN_FILENO, TCSANOW, &before);

	keyboard_remember(&keyboard);
	keyboard_hold(&(struct keyboard){ .fd = STDIN_FILENO });
	keyboard_release(&keyboard);
	check(are_same(modes(), before), "who remembered them can bring them back for another");
}

static bool reads(int fd, const char *wanted)
{
	unsigned char bytes[64] = { 0 };

	return keyboard_read(fd, bytes, sizeof(bytes)) == strlen(wanted) &&
	       strcmp((char *)bytes, wanted) == 0;
}

/* The kernel hands it over by and by. */
static bool type(int fd, const char *text)
{
	struct pollfd waited = { .fd = fd, .events = POLLIN };

	return write(master, text, strlen(text)) == (ssize_t)strlen(text) &&
	       poll(&waited, 1, PATIENCE_MS) == 1;
}

/* In a child that is in the background of the terminal. */
static bool is_left_alone(int fd)
{
	struct keyboard keyboard = { .fd = STDIN_FILENO };
	struct termios before = modes();
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		keyboard_hold(&keyboard);
		_exit(keyboard_is_ours() || !are_same(modes(), before) || !reads(fd, ""));
	}
	/* A child that was stopped would never end. */
	if (child < 0 || waitpid(child, &status, WUNTRACED) != child || WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_reads(void)
{
	struct keyboard keyboard = { .fd = STDIN_FILENO };
	int fd = keyboard_open();

	if (!check(fd >= 0, "the terminal can be opened again"))
		return;
	check(!(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK),
	      "opened again, the terminal of others still waits");
	keyboard_hold(&keyboard);
	check(reads(fd, ""), "where nothing was typed nothing is read, at once");
	check(type(fd, "hs") && reads(fd, "hs") && reads(fd, ""),
	      "what was typed is read once, without Return");
	check(type(fd, "q") && is_left_alone(fd),
	      "from the background neither modes are set nor anything is read, and nothing stops");
	check(reads(fd, "q"), "what was not read there is still to be read");
	keyboard_release(&keyboard);
	close(fd);
}

/* Takes a new terminal as stdin, in a new session. */
static bool take_terminal(void)
{
	int terminal;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master))
		return false;
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	return terminal >= 0 && setsid() >= 0 && ioctl(terminal, TIOCSCTTY, 0) == 0 &&
	       dup2(terminal, STDIN_FILENO) == STDIN_FILENO;
}

static int run(void)
{
	if (!take_terminal()) {
		check_skip("a terminal is a keyboard", "there is no pseudo-terminal");
		return check_finish();
	}
	terminal_ignore_stops();
	test_modes();
	test_reads();
	return check_finish();
}

int main(void)
{
	int status = 0;
	pid_t child;

	if (dup2(open("/dev/null", O_RDWR), STDIN_FILENO) != STDIN_FILENO)
		return 1;
	check(!keyboard_is_ours(), "what is no terminal is no keyboard");
	fflush(stdout);
	/* The leader of a group of processes cannot begin a session. */
	child = fork();
	if (child == 0)
		exit(run());
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
