/* SPDX-License-Identifier: GPL-2.0-only */
/* The columns that --fields names: words of the list's own, and fields of the dissectors. */
#pragma once

#include "../user/base/error.h"
#include "dissect/dissection.h"
#include "line.h"
#include "time_text.h"

struct columns;

/* Names with commas between. -EINVAL with *reterr filled in for one that there is not; -ENOMEM. */
int columns_parse(const char *names, struct columns **ret_columns, struct error *reterr);
void columns_free(struct columns *columns);

/* With tabs between; all values of a field with commas between. */
void columns_add(const struct columns *columns, const struct dissection *dissection,
		 struct time_text *time, struct line *line);

/* An object, in which each column is a member; that of a field is an array. */
void columns_add_json(struct columns *columns, const struct dissection *dissection,
		      struct line *line);
