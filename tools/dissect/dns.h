/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of DNS: dns.c has the message, dns_record.c what records say, dns_name.c their names. */
#pragma once

#include "dissector.h"

/* 255 bytes of which each may become four characters. */
#define DNS_NAME_TEXT_BYTES 1024

struct dns_name {
	char text[DNS_NAME_TEXT_BYTES];
	size_t length; /* 0: the root, whose text is "<Root>" */
	unsigned int labels;
};

/*
 * Takes a name off; it may lead to places of the message that stand before it. -ENODATA where it
 * ends too early, is too long, or leads anywhere else.
 */
int dns_read_name(struct bytes message, struct bytes *bytes, struct dns_name *ret_name);
int dns_add_name(struct dissection *dissection, struct bytes message, struct bytes *bytes,
		 const struct field_info *info);

/* Adds the fields of a record's data, all of which it takes off. -ENODATA. */
int dns_record_dissect(struct dissection *dissection, struct bytes message, uint16_t type,
		       struct bytes *data);
/* Writes what the list says of such a field; nothing of most. */
void dns_record_describe(const struct field *field, struct line *line);

/* EDNS: RFC 6891. */
int dns_options_dissect(struct dissection *dissection, struct bytes *data);
/* SVCB and HTTPS: RFC 9460. */
int dns_service_dissect(struct dissection *dissection, struct bytes message, struct bytes *data);

/* "A (Host Address)": the name of a type, and what it means. */
extern const struct value_name dns_type_names[];

#define DNS_OPCODE_UPDATE 5 /* RFC 2136 */

extern const struct value_name dns_opcode_names[];
extern const struct value_name dns_reply_code_names[];
extern const struct value_name dns_class_names[];

extern const struct field_table dns_record_table;
extern const struct field_table dns_options_table;
