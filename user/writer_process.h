/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keeper's side of the writer: starts the process, hands it its file, hears of it, ends
 * it, and says what it left where it did not end by itself.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "channel.h"
#include "metrics_file.h"
#include "rotation.h"
#include "writer.h"

struct writer_process {
	struct writer_options options; /* channel_fd: the writer's end, closed here */
	struct metrics_file *metrics;
	struct rotation *rotation; /* opens the files; its last is cut if the writer is killed */
	int channel_fd;            /* the keeper's end */
	pid_t pid;                 /* 0: not started */
	bool is_gone;              /* its end of the channel is closed */
	bool was_killed;           /* by us */
	bool output_has_failed;
	bool is_stopping; /* no file is waited for any more */
};

/*
 * Forks the writer with process->options, without a channel_fd in them. 0, or a negative
 * errno with *reterr filled in.
 */
int writer_process_start(struct writer_process *process, struct error *reterr);

/* Gives the writer its file and waits until the file has its header. */
bool writer_process_hand_over(struct writer_process *process);

/*
 * Takes one message of the writer, waits for one if there is none. Returns whether the
 * capture is to end: the limit is reached, the output has failed, the writer is gone or has
 * finished.
 */
bool writer_process_read(struct writer_process *process);

/*
 * Tries to open the file that it waits for, if any; to be called once a second. Returns whether
 * the capture is to end: there will be none.
 */
bool writer_process_retry_file(struct writer_process *process);

/* Tells it how to end. */
void writer_process_stop(struct writer_process *process, enum channel_message_type how);

/* Tells it one of the messages to the writer; ask leaves it out where many are unread. */
void writer_process_tell(struct writer_process *process, enum channel_message_type what);
void writer_process_ask(struct writer_process *process, enum channel_message_type what);

void writer_process_kill(struct writer_process *process);

/*
 * Collects a writer that is gone. Returns the exit status: 0, 1 or 2. If it has died, cuts the
 * file back to what was flushed whole and says so. One that is not gone, because not even
 * SIGKILL reaches it, is left behind.
 */
int writer_process_collect(struct writer_process *process);
