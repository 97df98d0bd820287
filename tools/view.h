/* SPDX-License-Identifier: GPL-2.0-only */
/* What pktview can show of packets: one file each, with one struct view in it. */
#pragma once

#include <stdio.h>

#include "../user/base/error.h"
#include "dissect/dissection.h"
#include "options.h"

struct view {
	const char *name; /* as the user types it */
	const char *purpose;
	/* Before the first packet. *ret_state is handed to the others. 0 or a negative errno. */
	int (*open)(const struct options *options, FILE *out, void **ret_state,
		    struct error *reterr);
	/* One packet that passed the filter. 0 or a negative errno: the output failed. */
	int (*packet)(void *state, const struct dissection *dissection);
	/*
	 * After the last one: what is known only then. 0 or a negative errno: the output failed; or
	 * -ENODATA with *reterr filled in: what was asked for is not there.
	 */
	int (*finish)(void *state, struct error *reterr);
	void (*close)(void *state);
	/* NULL: it wants all fields. Whether it does without those that are details. */
	bool (*is_brief)(const void *state);
};

extern const struct view view_list;
extern const struct view view_detail;
extern const struct view view_hex;
extern const struct view view_follow;
extern const struct view view_hierarchy;

extern const struct view *const views[];
extern const size_t view_count;
