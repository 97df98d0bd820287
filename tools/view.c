/* SPDX-License-Identifier: GPL-2.0-only */
/* See view.h. */
#include "view.h"

const struct view *const views[] = {
	&view_list, &view_detail, &view_hex, &view_follow, &view_hierarchy,
};

const size_t view_count = sizeof(views) / sizeof(views[0]);
