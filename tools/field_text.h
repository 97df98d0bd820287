/* SPDX-License-Identifier: GPL-2.0-only */
/* The values of fields as text, for views. */
#pragma once

#include "dissect/dissection.h"
#include "line.h"

/* The value alone, as it is shown: "0x012", "192.0.2.1", "20"; bytes only up to a limit. */
void field_add_value(const struct field *field, struct line *line);

/* As `tshark -T fields` has it: numbers as wide as on the wire, flags as 1 and 0, all bytes. */
void field_add_plain(const struct field *field, struct line *line);

/* A value of JSON: numbers, true and false, strings; a group, which has no value, is true. */
void field_add_json(const struct field *field, struct line *line);

/* What the number means; NULL: nothing more than it says. */
const char *field_meaning(const struct field *field);

/* As Wireshark has it: "Header Length: 20 bytes", "Type: IPv4 (0x0800)", "[TCP Segment Len: 0]". */
void field_add_description(const struct field *field, struct line *line);

void address_add(const struct address *address, struct line *line);
