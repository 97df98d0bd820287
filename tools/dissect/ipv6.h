/* SPDX-License-Identifier: GPL-2.0-only */
/* What IPv6 and its extension headers have in common. */
#pragma once

#include "dissection.h"

/* Hands on what the header says that follows. */
void ipv6_next(struct dissection *dissection, uint8_t next_header, struct bytes bytes);

/* What the list says where nobody understands the next header. */
void ipv6_describe_next(const struct field *next_header, struct line *line);
