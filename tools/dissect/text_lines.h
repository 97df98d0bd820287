/* SPDX-License-Identifier: GPL-2.0-only */
/* What protocols made of lines of text have in common. */
#pragma once

#include <stdbool.h>

#include "dissection.h"

/*
 * Takes a line off: ret_line is it without its end ("\n", "\r\n"), ret_whole with it. False where its
 * end is not there: then the line is all that is left.
 */
bool text_take_line(struct bytes *bytes, struct bytes *ret_line, struct bytes *ret_whole);

/* Takes a word off, and the spaces behind it; empty where a space comes first. */
struct bytes text_take_word(struct bytes *bytes);

/* Whatever the case: the text is this word, or begins with it. */
bool text_is(struct bytes text, const char *word);
bool text_begins(struct bytes text, const char *word);

/* The decimal number that a text begins with; false: there is none, or it has more than 18 digits. */
bool text_read_decimal(struct bytes text, uint64_t *ret_number);

/* Whether three digits come first, and then a space, a dash or nothing, as in replies of mail and FTP. */
bool text_read_code(struct bytes text, uint64_t *ret_code);

/* Adds bytes that are a part of what was taken off. */
void text_add(struct dissection *dissection, struct bytes text, const struct field_info *info);

/* Whether who sent this is the client: it has the higher port. */
bool text_is_request(const struct dissection *dissection);
