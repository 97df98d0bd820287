/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dissector finds: fields. A table of each protocol describes those it has; their names
 * are Wireshark's, so that what users know, and what tshark says, can be compared.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_GROUP,   /* no value of its own, only a place for what is below it */
	FIELD_NUMBER,  /* unsigned, decimal */
	FIELD_SIGNED,  /* signed, decimal */
	FIELD_HEX,     /* unsigned, as 0x with all digits of its width */
	FIELD_FLAG,    /* one bit: set or not */
	FIELD_MAC,     /* 6 bytes */
	FIELD_IPV4,    /* 4 bytes */
	FIELD_IPV6,    /* 16 bytes */
	FIELD_BYTES,   /* as they are, in hexadecimal */
	FIELD_TEXT,    /* as they are, as text of the packet */
	FIELD_NAME,    /* text that was made of them, such as a DNS name */
	FIELD_SECONDS, /* a span in seconds */
	FIELD_UNIX,    /* seconds since 1970 */
	FIELD_NTP,     /* RFC 5905, section 6: seconds since 1900 and a fraction of 32 bits each */
};

/* What a number means. The last one of a table has no text. */
struct value_name {
	uint64_t value;
	const char *text;
};

struct field_info {
	const char *name;  /* "tcp.flags.syn" */
	const char *label; /* "SYN" */
	enum field_type type;
	uint8_t bytes;                   /* that a number takes up on the wire, at most 8 */
	uint64_t mask;                   /* of these, the bits it consists of; 0: all */
	const struct value_name *values; /* NULL: the number says it all */
	const char *unit;                /* "bytes"; NULL: none */
	uint8_t factor;                  /* the value is so many times what stands there; 0: once */
	const struct value_name *bits; /* how Wireshark calls its flags in short; NULL: as below */
	bool is_detail; /* neither its dissector nor the list looks at it: see dissection.is_brief */
};

/* Of what is in a file beside its dissector's, such as options; registry.c has a list of them. */
struct field_table {
	const struct field_info *fields;
	size_t count;
};

#define FIELD_TABLE(table)                                  \
	{                                                   \
		(table), sizeof(table) / sizeof((table)[0]) \
	}

/* One that was found. */
struct field {
	const struct field_info *info;
	const uint8_t *data; /* where it is: in the frame, or in what was put together of several */
	uint32_t length;     /* bytes there; 0: it was concluded */
	uint8_t depth;       /* 1: directly below its layer */
	uint8_t source;      /* 0: in the frame; N: in the dissection's reassembled data N - 1 */
	union {
		uint64_t number;  /* the value: shifted down by the mask, times the factor */
		const char *text; /* FIELD_NAME: in the dissection's memory */
	};
};

/* NULL: the table does not know it. */
const char *field_value_name(const struct field_info *info, uint64_t value);
