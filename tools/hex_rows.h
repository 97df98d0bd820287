/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes as rows of offset, hexadecimal and text, in tshark's form, with some of them marked. */
#pragma once

#include "../user/base/bytes.h"
#include "line.h"
#include "marks.h"

#define HEX_ROW_BYTES 16
/* Columns of a row with an offset of four digits, which do for 64 KiB. */
#define HEX_ROW_COLUMNS 72

struct hex_rows {
	struct bytes bytes;
	const struct marks *marks;
	bool has_colours; /* else what is marked has brackets around it */
	size_t next;      /* of the bytes */
	size_t mark;      /* the first that does not end before */
};

/* marks: of these bytes. */
void hex_rows_begin(struct hex_rows *rows, struct bytes bytes, const struct marks *marks,
		    bool has_colours);

/* Adds the next row; returns its columns, 0 where there is none any more. */
size_t hex_rows_next(struct hex_rows *rows, struct line *line);
