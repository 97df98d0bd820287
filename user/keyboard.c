/* SPDX-License-Identifier: GPL-2.0-only */
/* Modes of the terminal (termios(3)) and reads that never wait; see keyboard.h. */
#include "keyboard.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

bool keyboard_is_ours(void)
{
	return isatty(STDIN_FILENO) && terminal_is_ours(STDIN_FILENO);
}

int keyboard_open(void)
{
	/* Not dup(): whether a read waits belongs to what both would share, with the shell. */
	return open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

size_t keyboard_read(int fd, unsigned char *ret_bytes, size_t size)
{
	ssize_t length = read(fd, ret_bytes, size);

	return length > 0 ? (size_t)length : 0;
}

/* Ctrl-C, Ctrl-S and what the terminal does to output stay. */
static struct termios modes_for_keys(const struct termios *before)
{
	struct termios modes = *before;

	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	return modes;
}

static bool are_equal(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

/* Whether the present modes are those for keys. */
static bool are_set(const struct keyboard *keyboard, struct termios *ret_present)
{
	struct termios wanted;

	if (tcgetattr(keyboard->fd, ret_present))
		return true;
	wanted = modes_for_keys(ret_present);
	return are_equal(ret_present, &wanted);
}

void keyboard_remember(struct keyboard *keyboard)
{
	keyboard->is_held = tcgetattr(keyboard->fd, &keyboard->before) == 0;
}

void keyboard_hold(struct keyboard *keyboard)
{
	struct termios present, wanted;

	if (!terminal_is_ours(keyboard->fd) || are_set(keyboard, &present))
		return;
	keyboard->before = present;
	wanted = modes_for_keys(&present);
	keyboard->is_held = tcsetattr(keyboard->fd, TCSANOW, &wanted) == 0;
}

void keyboard_release(struct keyboard *keyboard)
{
	struct termios present, wanted = modes_for_keys(&keyboard->before);

	/* A shell that has the terminal back has set its own. */
	if (keyboard->is_held && tcgetattr(keyboard->fd, &present) == 0 &&
	    are_equal(&present, &wanted))
		tcsetattr(keyboard->fd, TCSANOW, &keyboard->before);
	keyboard->is_held = false;
}
