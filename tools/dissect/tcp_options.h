/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of TCP (RFC 9293, section 3.2), below a field that is open. */
#pragma once

#include "../stream/tcp_analysis.h"
#include "dissection.h"

/* Takes all options off. -ENODATA where one is longer than what is left. */
int tcp_options_dissect(struct dissection *dissection, struct bytes *bytes);

/* The shift of the window scale option; TCP_SCALE_UNKNOWN where there is none. Adds nothing. */
int tcp_options_read_scale(struct bytes options);

/* Those of the layer: " MSS=1460 SACK_PERM" */
void tcp_options_describe(const struct dissection *dissection, const struct layer *layer,
			  struct line *line);

extern const struct field_table tcp_options_table;
