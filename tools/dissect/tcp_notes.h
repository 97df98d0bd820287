/* SPDX-License-Identifier: GPL-2.0-only */
/* What was found out about a segment of TCP, as fields and in the list; see stream/tcp_analysis.h. */
#pragma once

#include "dissection.h"

/* Adds fields for dissection->tcp, if there is something to say. */
void tcp_notes_add(struct dissection *dissection, struct bytes place);

/* "[TCP Previous segment not captured] ": stands in the list before what any layer says. */
void tcp_notes_describe(const struct dissection *dissection, struct line *line);

extern const struct field_table tcp_notes_table;
