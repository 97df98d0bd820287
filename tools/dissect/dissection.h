/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet, taken apart once: layers and their fields, in the order of the bytes. Dissectors make
 * it, views print it. The memory is the same for each packet, and bounded.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../../user/base/bytes.h"
#include "../packet.h"
#include "../stream/tcp_analysis.h"
#include "field.h"

struct line;
struct dissector;
struct segments;
struct streams;

#define DISSECTION_LAYERS 32
#define DISSECTION_FIELDS 8192
#define DISSECTION_TEXT_BYTES 65536
#define DISSECTION_REASSEMBLED 8

struct layer {
	const struct dissector *dissector;
	const char *label; /* the dissector's, or what it says more exactly: "TLSv1.2" */
	const uint8_t *data;
	uint32_t length; /* with its payload */
	uint32_t header_bytes;
	unsigned int first_field;
	unsigned int field_count;
	uint8_t source; /* as of a field */
};

/* How a dissection ended. */
enum dissection_end {
	DISSECTION_WHOLE,
	DISSECTION_TRUNCATED, /* the capture has less of the packet than there was */
	DISSECTION_MALFORMED, /* the packet says that there is more than there was */
	DISSECTION_TOO_MUCH,  /* more layers, fields or text than are kept */
};

enum address_kind {
	ADDRESS_NONE,
	ADDRESS_MAC,
	ADDRESS_IPV4,
	ADDRESS_IPV6,
};

struct address {
	enum address_kind kind;
	const uint8_t *bytes; /* 6, 4 or 16 */
};

/* What the layers below told those above; of the innermost that has them. */
struct dissection_flow {
	struct address source;
	struct address destination;
	uint8_t ip_protocol;
	uint8_t hop_limit; /* TTL */
	bool has_ports;
	uint16_t source_port;
	uint16_t destination_port;
};

/* What the innermost TCP or UDP carries. */
struct dissection_transport {
	struct bytes payload;       /* as captured; no address: there is none */
	uint32_t length;            /* of the payload when it was sent */
	struct tcp_numbers numbers; /* of TCP */
};

struct dissection {
	const struct packet *packet;
	struct streams *streams; /* NULL: no packet is looked at together with others */
	bool is_brief; /* nobody asks for fields by their names: those that are details are left out */
	struct conversation *conversation; /* of the innermost TCP or UDP; NULL: none is kept */
	unsigned int side;                 /* of the conversation that sent this: 0 or 1 */
	bool is_segment; /* the payload, or the end of it, is a part of a message that is still to end */
	struct tcp_findings tcp; /* of the segment, seen together with those before it */
	struct dissection_transport transport;
	struct dissection_flow flow;
	struct layer layers[DISSECTION_LAYERS];
	unsigned int layer_count;
	/* The first layer of a packet that the one before only quotes, as ICMP does; 0: none. */
	unsigned int quote;
	struct field *fields;
	unsigned int field_count;
	char *text;
	size_t text_bytes;
	struct bytes padding; /* behind what the outermost length covers */
	struct bytes reassembled[DISSECTION_REASSEMBLED]; /* of several packets, see stream/ */
	unsigned int reassembled_count;
	enum dissection_end end;
	/* For the dissectors alone. */
	const struct dissector *next;
	struct bytes next_bytes;
	uint32_t missing;     /* bytes of the present layer that were sent, but not captured */
	struct bytes waiting; /* see dissection_wait() */
	uint32_t waiting_needed;
	bool is_waiting;
	bool is_waiting_until_end;
	bool can_wait;
	struct segments *segments; /* of the conversation and side; NULL: nothing is put together */
	struct bytes segment_bytes; /* what TCP gave to the layer above */
	struct dissection_flow quoting_flow;
	unsigned int padding_layer; /* that knows the length */
	uint8_t depth;
	uint8_t source;
	uint8_t next_source;
};

/* -ENOMEM. */
int dissection_init(struct dissection *dissection);
void dissection_free(struct dissection *dissection);

/* Takes a packet apart; what was in the dissection before is gone. */
void dissection_run(struct dissection *dissection, const struct packet *packet);

/*
 * The first field of a kind in a layer, NULL: none. layer NULL: the innermost that has one.
 */
const struct field *dissection_find(const struct dissection *dissection, const struct layer *layer,
				    const struct field_info *info);

/* The innermost layer of a protocol; NULL: none. */
const struct layer *dissection_find_layer(const struct dissection *dissection,
					  const struct dissector *dissector);

/*
 * The layer that the packet is about: the last one that is understood and no quotation. NULL where
 * there is no layer at all.
 */
const struct layer *dissection_main_layer(const struct dissection *dissection);

/* "40000 -> 53" */
void dissection_describe_ports(const struct dissection *dissection, struct line *line);

/* What follows is for dissectors. */

/* Whose the bytes behind the header are. NULL: payload of nobody we know. */
void dissection_next(struct dissection *dissection, const struct dissector *dissector,
		     struct bytes bytes);

/* The same, of bytes that several packets made; they stay valid until the next packet. */
void dissection_next_reassembled(struct dissection *dissection, const struct dissector *dissector,
				 struct bytes bytes);

/*
 * The same, of the begin of another packet that this one quotes: the packet's flow stays what it is,
 * and what is missing there was left out by who quoted.
 */
void dissection_next_quoted(struct dissection *dissection, const struct dissector *dissector,
			    struct bytes bytes);

/*
 * For protocols above TCP: the message that begins at these bytes ends in a segment that is still to
 * come. They are kept, and stand before what follows when the dissector is called again. Where it
 * has taken apart nothing before, the packet has no layer of it: "[TCP segment of a reassembled
 * PDU]". The caller returns 0 behind it. Returns false where nothing is kept (no streams, a gap, the
 * capture was cut, more than can be kept, the connection is over): then it is to take apart what there is.
 */
bool dissection_wait(struct dissection *dissection, struct bytes bytes);

/*
 * The same, where it is known how long the whole message is: the dissector is not called before so much
 * is there. To be preferred: one of unknown length that comes in very many segments is given up.
 */
bool dissection_wait_for(struct dissection *dissection, struct bytes bytes, uint64_t length);

/* The same, where the message ends when the sender closes the connection. */
bool dissection_wait_until_end(struct dissection *dissection, struct bytes bytes);

/* What the list calls this layer, where it differs from the dissector's label. Not copied. */
void dissection_set_label(struct dissection *dissection, const char *label);

/*
 * A length says that so many bytes are left; what is behind them is padding. Where fewer are
 * there the packet was cut, and its dissection ends where they do.
 */
void dissection_limit(struct dissection *dissection, struct bytes *bytes, size_t length);

/*
 * Whether nobody asks for a field. Here, as is what begins with it, so that the compiler, which mostly
 * knows the field, leaves next to nothing of one that is a detail.
 */
static inline bool dissection_leaves_out(const struct dissection *dissection,
					 const struct field_info *info)
{
	return dissection->is_brief && info->is_detail;
}

/* The same of several, that stand one behind the other in their table: of all of them. */
static inline bool dissection_leaves_out_all(const struct dissection *dissection,
					     const struct field_info *infos, size_t count)
{
	if (!dissection->is_brief)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!infos[i].is_detail)
			return false;
	return true;
}

/* What is behind the functions below, for fields that somebody may want. */
int dissection_keep_number(struct dissection *dissection, struct bytes place,
			   const struct field_info *info, uint64_t number);
int dissection_keep_parts(struct dissection *dissection, struct bytes *bytes,
			  const struct field_info *infos, size_t count, uint64_t *ret_number);
void dissection_keep_bits(struct dissection *dissection, const struct field_info *infos,
			  size_t count, uint64_t number);
void dissection_keep_last_part(struct dissection *dissection, const struct field_info *info,
			       uint64_t number);
int dissection_keep_bytes(struct dissection *dissection, struct bytes *bytes, size_t length,
			  const struct field_info *info, struct bytes *ret_value);
unsigned int dissection_keep_group(struct dissection *dissection, const struct bytes *bytes,
				   const struct field_info *info);
void dissection_keep_value(struct dissection *dissection, struct bytes place,
			   const struct field_info *info, uint64_t number);

/*
 * Takes info->bytes off, as a number in network byte order: all of it, whatever the mask. NULL where
 * nobody wants it. -ENODATA.
 */
static inline int dissection_add_number(struct dissection *dissection, struct bytes *bytes,
					const struct field_info *info, uint64_t *ret_number)
{
	const struct bytes place = { bytes->data, info->bytes };
	uint64_t number;

	if (bytes_read_number(bytes, info->bytes, &number))
		return -ENODATA;
	if (ret_number)
		*ret_number = number;
	return dissection_leaves_out(dissection, info) ?
		       0 :
		       dissection_keep_number(dissection, place, info, number);
}

/*
 * Takes off several fields that stand one behind the other: numbers and addresses, each as wide as its
 * table says. ret_numbers, unless NULL, has room for all; those of addresses mean nothing. -ENODATA.
 */
int dissection_add_fields(struct dissection *dissection, struct bytes *bytes,
			  const struct field_info *infos, size_t count, uint64_t *ret_numbers);

/* One number in little-endian byte order. */
int dissection_add_little_number(struct dissection *dissection, struct bytes *bytes,
				 const struct field_info *info, uint64_t *ret_number);

/* Takes off a number that consists of several fields, each with a mask. -ENODATA. */
static inline int dissection_add_parts(struct dissection *dissection, struct bytes *bytes,
				       const struct field_info *infos, size_t count,
				       uint64_t *ret_number)
{
	uint64_t number;

	if (!dissection_leaves_out_all(dissection, infos, count))
		return dissection_keep_parts(dissection, bytes, infos, count, ret_number);
	return bytes_read_number(bytes, infos->bytes, ret_number ? ret_number : &number);
}

/* Fields with masks, each a part of a number, below the last field, which was all of it. */
static inline void dissection_add_bits(struct dissection *dissection,
				       const struct field_info *infos, size_t count,
				       uint64_t number)
{
	if (!dissection_leaves_out_all(dissection, infos, count))
		dissection_keep_bits(dissection, infos, count, number);
}

/* A part of the number that the last field at this depth is a part of, too. */
static inline void dissection_add_last_part(struct dissection *dissection,
					    const struct field_info *info, uint64_t number)
{
	if (!dissection_leaves_out(dissection, info))
		dissection_keep_last_part(dissection, info, number);
}

void dissection_set_ports(struct dissection *dissection, uint16_t source, uint16_t destination);

/* Takes so many bytes off, as they are: addresses, text, bytes. -ENODATA. */
static inline int dissection_add_bytes(struct dissection *dissection, struct bytes *bytes,
				       size_t length, const struct field_info *info,
				       struct bytes *ret_value)
{
	struct bytes value;

	if (!dissection_leaves_out(dissection, info))
		return dissection_keep_bytes(dissection, bytes, length, info, ret_value);
	return bytes_take(bytes, length, ret_value ? ret_value : &value);
}

/* A value that was concluded, or stands in bytes that others took off. */
static inline void dissection_add_value(struct dissection *dissection, struct bytes place,
					const struct field_info *info, uint64_t number)
{
	if (!dissection_leaves_out(dissection, info))
		dissection_keep_value(dissection, place, info, number);
}

/* Copies the text into the memory of the dissection. */
void dissection_add_name(struct dissection *dissection, struct bytes place,
			 const struct field_info *info, const char *text);

/*
 * A group: what is added until its end is below it. Returns what dissection_leave() wants; `end` is
 * behind the last byte of the group.
 */
static inline unsigned int dissection_enter(struct dissection *dissection,
					    const struct bytes *bytes,
					    const struct field_info *info)
{
	if (!dissection_leaves_out(dissection, info))
		return dissection_keep_group(dissection, bytes, info);
	dissection->depth++;
	return DISSECTION_FIELDS;
}

static inline void dissection_leave(struct dissection *dissection, unsigned int group,
				    const uint8_t *end)
{
	dissection->depth--;
	/* It may have been left out, or there was no room for it. */
	if (group < dissection->field_count)
		dissection->fields[group].length = (uint32_t)(end - dissection->fields[group].data);
}

#define DISSECTION_UNTIL_END UINT64_MAX

/*
 * So many groups, one behind the other, or as long as there are bytes; `dissect` takes one off. Ends
 * with the first error of it, which it returns.
 */
int dissection_add_groups(struct dissection *dissection, struct bytes *bytes,
			  const struct field_info *info, uint64_t count,
			  int (*dissect)(struct dissection *dissection, struct bytes *bytes));
