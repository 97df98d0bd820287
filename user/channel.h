/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The messages between keeper and writer, over a socketpair that keeps their borders. A
 * process that has died is the end of the other's channel.
 */
#pragma once

#include <stdint.h>

enum channel_message_type {
	/* keeper to writer */
	CHANNEL_OUTPUT,    /* the file to write to, as a descriptor; see struct output_file */
	CHANNEL_NO_OUTPUT, /* value: errno; there is no next file, nor will be */
	CHANNEL_STOP,      /* the programs are detached: drain, close, report, end */
	CHANNEL_CANCEL,    /* nothing was attached: close and end */
	CHANNEL_QUIT,      /* as STOP, but what is still in the rings is given up */
	CHANNEL_PRINT,     /* one line of statistics */
	CHANNEL_FLUSH,     /* the file, with what is in the rings now */
	CHANNEL_RESIZE,    /* the terminal is free for the panel, or has another size: draw */
	/* writer to keeper */
	CHANNEL_READY,         /* the file has its header */
	CHANNEL_NEXT_FILE,     /* the file is complete and closed; value: seconds since 1970 where
				  the clock ended it, 0 where its size did */
	CHANNEL_NO_ROOM,       /* value: errno; the next file cannot take its header yet */
	CHANNEL_LIMIT_REACHED, /* -c packets are written */
	CHANNEL_END_WANTED,    /* the user pressed a key: as at SIGINT */
	CHANNEL_OUTPUT_FAILED, /* value: errno; the file is valid up to there */
	CHANNEL_METRICS,       /* value: 1 for the last one; a text of --metrics-file is there */
	CHANNEL_FINISHED,      /* value: 0, or the errno of an output that failed */
	CHANNEL_MESSAGE_COUNT,
};

struct channel_message {
	uint32_t type; /* enum channel_message_type */
	uint32_t value;
};

/* Two connected ends; 0 or a negative errno. */
int channel_open(int ret_fds[2]);

/* Sends a message, with a descriptor unless passed_fd is -1. 0 or a negative errno. */
int channel_send(int fd, enum channel_message_type type, uint32_t value, int passed_fd);

/*
 * Sends a message that may be left out: -EAGAIN where the other process has many to read, so
 * that this one never waits for it, and room is left for what may not be left out.
 */
int channel_offer(int fd, enum channel_message_type type);

/*
 * Waits for a message. The caller owns *ret_passed_fd, which is -1 where the message has
 * none. Returns 0; -EPIPE where the other process is gone; -EPROTO for what is no message;
 * another negative errno.
 */
int channel_receive(int fd, struct channel_message *ret_message, int *ret_passed_fd);
