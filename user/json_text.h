/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings of JSON (RFC 8259). */
#pragma once

#include <stdio.h>

/*
 * A string with its quotes; NULL becomes null. Bytes that are no UTF-8, as names of files may
 * have, become U+FFFD.
 */
void json_put_string(const char *text, FILE *out);
