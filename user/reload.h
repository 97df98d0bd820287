/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps the host sets of a running filter true to their files. When one has changed, a
 * thread compiles the expression again and loads new programs, so that the keeper goes on
 * beating and listening meanwhile; then the keeper puts them in the place of the old ones.
 */
#pragma once

#include <stdbool.h>

#include "filter/filter.h"
#include "interface_set.h"
#include "loader.h"
#include "notices.h"

struct reload;

/*
 * Watches the files of the filter, whose programs are on the interfaces of the set or will be.
 * Loader, set and notices stay the caller's. 0 or -ENOMEM.
 */
int reload_open(const char *expression, const struct filter *filter, struct loader *loader,
		struct interface_set *interfaces, struct notices *notices, bool is_verbose,
		struct reload **ret_reload);

/* To be called once a second: looks at the files, begins what is due, ends what is done. */
void reload_look(struct reload *reload);

/*
 * Returns whether the loader may be freed: not while the thread is in it, which can be held
 * up by a name server. The end of the process ends the thread. NULL is allowed.
 */
bool reload_close(struct reload *reload);

/* "set FILE: 12 addresses, 3 prefixes, 164 KiB", for each set of the filter, as notices. */
void reload_describe_sets(const struct filter *filter, const struct loader *loader,
			  struct notices *notices);
