/* SPDX-License-Identifier: GPL-2.0-only */
/* The texts of addresses, kept: in a list the same ones come again and again. */
#pragma once

#include "dissect/dissection.h"
#include "line.h"

#define ADDRESS_TEXTS_BITS 8
#define ADDRESS_TEXT_BYTES 48 /* more than any is long */

struct address_text {
	uint8_t address[16]; /* what it has less is 0 */
	uint8_t kind;        /* enum address_kind */
	uint8_t length;
	char text[ADDRESS_TEXT_BYTES]; /* not NUL-terminated */
};

/* Zeros at the begin. */
struct address_texts {
	struct address_text slots[1 << ADDRESS_TEXTS_BITS];
};

/* As address_add() does. */
void address_texts_add(struct address_texts *texts, const struct address *address,
		       struct line *line);
