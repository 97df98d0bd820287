/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interfaces of a capture: finds those that were asked for, puts the programs on them and
 * takes them off, and follows what becomes of them. With `any` those that come up later are
 * captured too; a named one that is removed is captured again when it is back.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "filter/filter.h"
#include "interface_table.h"
#include "loader.h"
#include "notices.h"
#include "options.h"

struct interface_set;

/*
 * Finds the interfaces that options ask for, and enters them into the table. Options, table and
 * notices stay the caller's. 0, or a negative errno with *reterr filled in: -ENODEV where a
 * named one is not there and options do not say to wait for it.
 */
int interface_set_open(const struct options *options, struct interface_table *table,
		       struct notices *notices, struct interface_set **ret_set,
		       struct error *reterr);

/* Detaches first, where that has not been done. NULL is allowed. */
void interface_set_free(struct interface_set *set);

/* Readable when there is news for interface_set_take_news(). */
int interface_set_fd(const struct interface_set *set);

/*
 * Takes what there is, attaches and detaches, and tells the user. Before
 * interface_set_attach() nothing is attached.
 */
void interface_set_take_news(struct interface_set *set);

/* Whether the only interface is not there yet: its link type, which the file needs, is not known. */
bool interface_set_is_waiting(const struct interface_set *set);

/* The link type of the file; see link_types_choose(). */
int interface_set_choose_link_type(struct interface_set *set, enum link_type *ret_link_type,
				   struct error *reterr);

/* Whose programs are needed, now or later. */
bool interface_set_needs(const struct interface_set *set, enum link_layer link_layer);

/* Whether there are or may be filters that outlive the process; see attach.h. */
bool interface_set_needs_heartbeat(const struct interface_set *set);

/* What XDP does not see on them; see xdp_limits.h. 0 or -EINVAL with *reterr filled in. */
int interface_set_check_xdp(const struct interface_set *set, const struct filter *filter,
			    struct error *reterr);

/*
 * Puts the loader's programs on all of them, and from here on on those that come. The loader
 * stays the caller's. 0, or a negative errno with *reterr filled in: then on none.
 */
int interface_set_attach(struct interface_set *set, const struct loader *loader,
			 struct error *reterr);

/* Whether some of them are captured in a direction; loopback and XDP have ingress alone. */
bool interface_set_wants(const struct interface_set *set, enum direction direction);
bool interface_set_is_loopback(const struct interface_set *set); /* all of them are */

/* Puts the loader's replacement in the place of the programs; see attach_replace(). */
int interface_set_replace(struct interface_set *set, struct error *reterr);

/* Takes the programs off; the last of them end within a grace period. */
void interface_set_detach(struct interface_set *set);

/* When the programs have ended: enters into the table what was lost of each interface. */
void interface_set_read_losses(struct interface_set *set);

/* Whether nothing can come: no interface is there, up and with a carrier. */
bool interface_set_is_down(const struct interface_set *set);

/* "eth0", "eth0, eth1" or "any", cut to what fits. */
void interface_set_describe(const struct interface_set *set, char *ret_text, size_t size);

/* "tcx" or, of more than one interface, "tcx (3 interfaces), clsact (200 interfaces)"; likewise. */
void interface_set_describe_attachments(const struct interface_set *set, char *ret_text,
					size_t size);
