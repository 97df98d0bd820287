/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of the files of a capture, as tcpdump makes them from -w, -C, -G and -W, and the
 * times at which the clock ends a file. Times are seconds since 1970; names and --align follow
 * the local time zone.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "options.h"

/* Which file of a capture it is. */
struct file_place {
	int64_t begin_s;     /* of its interval of -G; without -G, when the capture began */
	int64_t end_s;       /* 0: no -G */
	unsigned int number; /* of -C: from 0 on, in its interval of -G */
};

/*
 * The name of the file: strftime(3) of the pattern with -G, and the number of -C behind it, the
 * first of which is left out unless -W gives the numbers a width. It stands before the endings
 * .gz, .pcap.gz and .pcapng.gz, by which readers know what a file is. 0; -EINVAL or
 * -ENAMETOOLONG with *reterr filled in.
 */
int file_names_make(const char *pattern, const struct rotation_options *rotation,
		    const struct file_place *place, char *ret_name, size_t size,
		    struct error *reterr);

/* The first file of a capture that begins now. */
struct file_place file_names_first(const struct rotation_options *rotation, int64_t now_s);

/* The file behind one that its size ended. */
struct file_place file_names_after_size(const struct rotation_options *rotation,
					const struct file_place *place);

/*
 * The file behind one that the clock ended, with the time of a packet in it, or now. Intervals
 * that went by without being looked at are left out.
 */
struct file_place file_names_after_time(const struct rotation_options *rotation,
					const struct file_place *place, int64_t time_s);
