/* SPDX-License-Identifier: GPL-2.0-only */
/* What Ethernet, and the tags within it, have in common: two bytes that are a type or a length. */
#pragma once

#include "dissection.h"

/* Takes them off, as one field or the other, and hands on what follows. -ENODATA. */
int ethertype_dissect(struct dissection *dissection, struct bytes *bytes,
		      const struct field_info *type, const struct field_info *length);

/*
 * What stands behind the packet: zeros that fill the frame up to its least length, the frame check
 * sequence if it seems to be there (check NULL: it is no matter of this layer), and what is between.
 */
void ethertype_add_trailer(struct dissection *dissection, struct bytes bytes,
			   const struct field_info *padding, const struct field_info *trailer,
			   const struct field_info *check);
