/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Standard input where it is a terminal: keys without Return and without being shown. The modes
 * belong to the terminal, which the shell has too: they are set while the panel is shown, and
 * brought back by the keeper, or by the writer where the keeper has died.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* Whether keys are this process's to read: stdin is a terminal, and it is in the foreground. */
bool keyboard_is_ours(void);

/*
 * Opens stdin once more, so that reading never waits. A descriptor, or -1: no keys. SIGTTIN has
 * to be ignored (see terminal_ignore_stops()): from the background nothing is read.
 */
int keyboard_open(void);

/* What has been typed; 0: nothing, or it is not for us. */
size_t keyboard_read(int fd, unsigned char *ret_bytes, size_t size);

struct keyboard {
	int fd;                /* of the terminal */
	bool is_held;          /* its modes have been changed, or are going to be */
	struct termios before; /* as they were */
};

/* Notes the present modes as those to bring back. */
void keyboard_remember(struct keyboard *keyboard);

/*
 * Sets the modes where that has not been done, or somebody else has changed them, and the
 * process is in the foreground.
 */
void keyboard_hold(struct keyboard *keyboard);

/* Brings the modes back, unless somebody else has changed them since. */
void keyboard_release(struct keyboard *keyboard);
