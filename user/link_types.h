/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What packets begin with: the link types that a device can be captured with, which of them
 * is taken, and what tcpdump calls them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "interfaces.h"
#include "options.h"

/* "EN10MB" and "Ethernet", "RAW" and "Raw IP", "LINUX_SLL2" and "Linux cooked v2". */
const char *link_type_name(enum link_type link_type);
const char *link_type_description(enum link_type link_type);

/* tcpdump's name of a link type, in either case; -EINVAL where pktsieve does not write it. */
int link_type_parse(const char *name, enum link_type *ret_link_type);

/*
 * What the device's own packets begin with: an Ethernet or an IP header; LINK_TYPE_DEFAULT
 * where pktsieve cannot capture on such a device.
 */
enum link_type link_type_of(const struct interface *interface);

/* 0, or -ENOTSUP with the reason why pktsieve cannot capture on such a device. */
int link_types_check(const struct interface *interface, struct error *reterr);

/*
 * Chooses the link type of a capture on these interfaces, at least one unless is_any, which
 * is `-i any`: there the interfaces are not looked at. `asked` is the type of -y, or
 * LINK_TYPE_DEFAULT. 0; -ENOTSUP for a device that link_types_check() refuses; -EINVAL for
 * an `asked` that the interfaces cannot have, naming those that they can.
 */
int link_types_choose(const struct interface *interfaces, size_t count, bool is_any,
		      enum link_type asked, enum link_type *ret_link_type, struct error *reterr);

/* The list of -L, as tcpdump writes it; NULL: of `any`. The interface is one that is supported. */
void link_types_print(const struct interface *interface, FILE *out);
