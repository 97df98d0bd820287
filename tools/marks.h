/* SPDX-License-Identifier: GPL-2.0-only */
/* Which bytes of a packet belong to the layer or field that the user named. */
#pragma once

#include "dissect/dissection.h"
#include "names.h"
#include "options.h"

/* From begin on, up to and without end. */
struct mark {
	size_t begin;
	size_t end;
};

struct marks {
	const struct dissector *layer; /* NULL: none was named */
	const struct field_info *fields[NAMES_FIELDS];
	size_t count;
	struct mark marks[DISSECTION_FIELDS + DISSECTION_LAYERS];
};

/* -EINVAL with *reterr filled in for a name that there is not. */
int marks_init(struct marks *marks, const struct options *options, struct error *reterr);

/*
 * Finds those in the frame, or in what was put together (see struct field), in order, none of which
 * touches another.
 */
void marks_find(struct marks *marks, const struct dissection *dissection, unsigned int source);
