/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the keeper waits for while the programs run, and while the writer writes the rest:
 * signals, the writer, the interfaces, the clock. It passes on what the user asks of the writer.
 */
#pragma once

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "early_drops.h"
#include "interface_set.h"
#include "keyboard.h"
#include "notices.h"
#include "reload.h"
#include "writer_process.h"

struct keeper_events {
	struct writer_process *writer;
	struct capture_control *control; /* where the heart beats */
	struct shared_status *shared;
	struct notices notices;
	struct interface_set *interfaces;
	struct early_drops drops;
	struct reload *reload;
	struct keyboard keyboard;  /* of the panel; fd: -1: no keys */
	int signal_fd;             /* -1 before the events are open */
	bool is_ending;            /* the capture is to end */
	bool is_hurried;           /* it is to end at once */
	uint64_t asked_ns;         /* when SIGINT or SIGTERM first came; 0: not yet */
	uint64_t given_up_ns;      /* when the writer is no longer waited for; 0: not yet */
	uint64_t command_ended_ns; /* when a command of -z last ended */
};

/* From here on signals do not end the process. 0, or a negative errno with *reterr filled in. */
int keeper_events_open(struct keeper_events *events, struct error *reterr);
void keeper_events_close(struct keeper_events *events);

void keeper_events_beat(struct keeper_events *events);

/* Counts what is lost before the hook from here on, once a second in wait_for_end(). */
void keeper_events_start_drops(struct keeper_events *events,
			       const struct interface_table *interfaces);
void keeper_events_read_drops(struct keeper_events *events);

/* Returns when a signal, the duration (0: none) or the writer ends the capture. */
void keeper_events_wait_for_end(struct keeper_events *events, uint64_t duration_ns);

/*
 * Completes the last file behind a writer that is gone, and waits for commands of -z: 10 seconds
 * since the last one has ended, or until the user asks to end once more. Returns the exit status,
 * 0 or 2.
 */
int keeper_events_end_files(struct keeper_events *events);

/*
 * Tells the writer to end, in the given way, and waits until it is gone. A second SIGINT or
 * SIGTERM tells it to end at once; where it does not within 2 seconds, it is killed. Returns
 * the exit status.
 */
int keeper_events_end_writer(struct keeper_events *events, enum channel_message_type how);
