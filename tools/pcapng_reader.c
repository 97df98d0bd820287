/* SPDX-License-Identifier: GPL-2.0-only */
/* The pcapng format: draft-ietf-opsawg-pcapng, sections 3 and 4. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture_format.h"
#include "ordered_bytes.h"

#define SECOND_NS 1000000000ull
#define BLOCK_OVERHEAD_BYTES 12 /* type, length, length */
#define MAXIMUM_INTERFACES 65536

enum {
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
};

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete, appendix A */
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_ENHANCED_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
};

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_INTERFACE_NAME = 2,
	OPTION_PACKET_FLAGS = 2,
	OPTION_TIME_RESOLUTION = 9,
	OPTION_TIME_OFFSET = 14,
};

struct interface {
	uint32_t link_type;
	uint32_t snapshot_bytes;
	/* A time is ticks / ticks_per_second + offset_s. */
	uint64_t ticks_per_second;
	int64_t offset_s;
	char name[32]; /* cut to fit; empty: none */
};

struct pcapng_reader {
	bool is_big;
	struct interface *interfaces; /* of this section */
	uint32_t interface_count;
	uint32_t interface_capacity;
};

static bool is_begun_by(const uint8_t magic[4])
{
	return magic[0] == 0x0a && magic[1] == 0x0d && magic[2] == 0x0d && magic[3] == 0x0a;
}

static int open_pcapng(struct input *input, void **ret_state, struct error *reterr)
{
	(void)input;
	*ret_state = calloc(1, sizeof(struct pcapng_reader));
	return *ret_state ? 0 : error_set(reterr, -ENOMEM, "out of memory");
}

static void close_pcapng(void *state)
{
	struct pcapng_reader *reader = state;

	if (reader)
		free(reader->interfaces);
	free(reader);
}

/* Section 4.1: a section says its byte order, and has interfaces of its own. */
static int begin_section(struct pcapng_reader *reader, struct input *input, struct error *reterr)
{
	struct ordered_bytes look = { .is_big = true };
	uint32_t order = 0;
	int error = input_look(input, 12, &look.bytes, reterr);

	if (error)
		return error;
	(void)bytes_skip(&look.bytes, 8);
	(void)ordered_read32(&look, &order);
	if (order != BYTE_ORDER_MAGIC && order != __builtin_bswap32(BYTE_ORDER_MAGIC))
		return error_set(reterr, -EBADMSG, "a section's byte order is neither of both");
	reader->is_big = order == BYTE_ORDER_MAGIC;
	reader->interface_count = 0;
	return 0;
}

/* Section 4.2, option if_tsresol: a power of 10, or of 2 with the highest bit. */
static void set_resolution(struct interface *interface, uint8_t resolution)
{
	unsigned int exponent = resolution & 0x7f;

	interface->ticks_per_second = 1;
	if (resolution & 0x80) {
		interface->ticks_per_second = 1ull << (exponent < 63 ? exponent : 63);
		return;
	}
	for (unsigned int i = 0; i < exponent && i < 19; i++)
		interface->ticks_per_second *= 10;
}

static void set_name(struct interface *interface, struct bytes value)
{
	size_t length =
		value.length < sizeof(interface->name) ? value.length : sizeof(interface->name) - 1;

	memcpy(interface->name, value.data, length);
	interface->name[length] = '\0';
}

static void read_interface_options(struct interface *interface, struct ordered_bytes *options)
{
	struct ordered_bytes value = { .is_big = options->is_big };
	uint16_t code, length;
	uint32_t words[2];

	while (!ordered_read16(options, &code) && !ordered_read16(options, &length) &&
	       code != OPTION_END && !bytes_take(&options->bytes, length, &value.bytes)) {
		bytes_skip_padding(&options->bytes, -length & 3);
		if (code == OPTION_INTERFACE_NAME)
			set_name(interface, value.bytes);
		if (code == OPTION_TIME_RESOLUTION && length == 1)
			set_resolution(interface, value.bytes.data[0]);
		if (code == OPTION_TIME_OFFSET && length == 8 &&
		    !ordered_read32(&value, &words[0]) && !ordered_read32(&value, &words[1]))
			interface->offset_s = (int64_t)((uint64_t)words[value.is_big] |
							(uint64_t)words[!value.is_big] << 32);
	}
}

static int add_interface(struct pcapng_reader *reader, struct ordered_bytes *body,
			 struct error *reterr)
{
	struct interface interface = { .ticks_per_second = 1000000 };
	uint16_t link_type, reserved;
	struct interface *more;

	if (ordered_read16(body, &link_type) || ordered_read16(body, &reserved) ||
	    ordered_read32(body, &interface.snapshot_bytes))
		return error_set(reterr, -EBADMSG, "the description of an interface is too short");
	interface.link_type = link_type;
	read_interface_options(&interface, body);
	if (reader->interface_count == MAXIMUM_INTERFACES)
		return error_set(reterr, -EBADMSG, "it has more than %d interfaces",
				 MAXIMUM_INTERFACES);
	if (reader->interface_count == reader->interface_capacity) {
		uint32_t capacity = reader->interface_capacity ? 2 * reader->interface_capacity : 8;

		more = reallocarray(reader->interfaces, capacity, sizeof(*more));
		if (!more)
			return error_set(reterr, -ENOMEM, "out of memory");
		reader->interfaces = more;
		reader->interface_capacity = capacity;
	}
	reader->interfaces[reader->interface_count++] = interface;
	return 0;
}

static uint64_t to_ns(const struct interface *interface, uint64_t ticks)
{
	uint64_t per_second = interface->ticks_per_second;
	uint64_t seconds = ticks / per_second + (uint64_t)interface->offset_s;

	return seconds * SECOND_NS +
	       (uint64_t)((unsigned __int128)(ticks % per_second) * SECOND_NS / per_second);
}

/* The lengths stand in the block; the bytes behind them. */
static int finish_packet(const struct pcapng_reader *reader, struct ordered_bytes *body,
			 uint32_t captured, uint32_t wire, uint64_t ticks, struct packet *packet,
			 struct error *reterr)
{
	const struct interface *interface;

	if (packet->interface >= reader->interface_count)
		return error_set(reterr, -EBADMSG,
				 "a packet is of interface %u, which is not described",
				 packet->interface);
	interface = &reader->interfaces[packet->interface];
	if (bytes_take(&body->bytes, captured, &packet->bytes))
		return error_set(reterr, -EBADMSG, "a packet is longer than its block");
	packet->wire_bytes = wire < captured ? captured : wire;
	packet->link_type = interface->link_type;
	packet->time_ns = to_ns(interface, ticks);
	packet->comment = (struct bytes){ 0 };
	packet->interface_name = interface->name[0] ? interface->name : NULL;
	packet->direction = PACKET_DIRECTION_UNKNOWN;
	packet->has_nanoseconds = interface->ticks_per_second > 1000000;
	return 0;
}

static int too_short(struct error *reterr)
{
	return error_set(reterr, -EBADMSG, "the block of a packet is too short");
}

/* Section 4.3.1: the lowest two bits are the direction. */
static void read_flags(struct ordered_bytes *value, struct packet *packet)
{
	static const enum packet_direction directions[] = {
		PACKET_DIRECTION_UNKNOWN,
		PACKET_DIRECTION_IN,
		PACKET_DIRECTION_OUT,
		PACKET_DIRECTION_UNKNOWN,
	};
	uint32_t flags;

	if (!ordered_read32(value, &flags))
		packet->direction = directions[flags & 3];
}

/* Section 3.5. Of several comments the last one is kept; options that are cut off are left out. */
static void read_packet_options(struct ordered_bytes *options, uint32_t captured,
				struct packet *packet)
{
	struct ordered_bytes value = { .is_big = options->is_big };
	uint16_t code, length;

	bytes_skip_padding(&options->bytes, -captured & 3);
	while (!ordered_read16(options, &code) && !ordered_read16(options, &length) &&
	       code != OPTION_END && !bytes_take(&options->bytes, length, &value.bytes)) {
		bytes_skip_padding(&options->bytes, -length & 3);
		if (code == OPTION_COMMENT)
			packet->comment = value.bytes;
		else if (code == OPTION_PACKET_FLAGS)
			read_flags(&value, packet);
	}
}

/* Section 4.3. */
static int read_enhanced(const struct pcapng_reader *reader, struct ordered_bytes *body,
			 struct packet *packet, struct error *reterr)
{
	uint32_t high, low, captured, wire;
	int error;

	if (ordered_read32(body, &packet->interface) || ordered_read32(body, &high) ||
	    ordered_read32(body, &low) || ordered_read32(body, &captured) ||
	    ordered_read32(body, &wire))
		return too_short(reterr);
	error = finish_packet(reader, body, captured, wire, (uint64_t)high << 32 | low, packet,
			      reterr);
	if (!error)
		read_packet_options(body, captured, packet);
	return error;
}

/* Section 4.4: of the first interface, cut to its snapshot length, without a time. */
static int read_simple(const struct pcapng_reader *reader, struct ordered_bytes *body,
		       struct packet *packet, struct error *reterr)
{
	uint32_t wire, captured, snapshot_bytes;

	if (ordered_read32(body, &wire))
		return too_short(reterr);
	packet->interface = 0;
	snapshot_bytes = reader->interface_count ? reader->interfaces[0].snapshot_bytes : 0;
	captured = snapshot_bytes && snapshot_bytes < wire ? snapshot_bytes : wire;
	return finish_packet(reader, body, captured, wire, 0, packet, reterr);
}

/* Appendix A: an interface and drops of 16 bits each before what an enhanced one has. */
static int read_obsolete(const struct pcapng_reader *reader, struct ordered_bytes *body,
			 struct packet *packet, struct error *reterr)
{
	uint32_t high, low, captured, wire;
	uint16_t interface, drops;

	if (ordered_read16(body, &interface) || ordered_read16(body, &drops) ||
	    ordered_read32(body, &high) || ordered_read32(body, &low) ||
	    ordered_read32(body, &captured) || ordered_read32(body, &wire))
		return too_short(reterr);
	packet->interface = interface;
	return finish_packet(reader, body, captured, wire, (uint64_t)high << 32 | low, packet,
			     reterr);
}

/* Section 3.1. *ret_body ends before the second length. */
static int take_block(struct pcapng_reader *reader, struct input *input, uint32_t *ret_type,
		      struct ordered_bytes *ret_body, struct error *reterr)
{
	struct ordered_bytes head = { .is_big = reader->is_big };
	uint32_t length = 0;
	int error = input_look(input, 8, &head.bytes, reterr);

	if (error == -ENODATA && head.bytes.length)
		return error_set(reterr, -EBADMSG, "a block is cut off");
	if (error)
		return error;
	if (is_begun_by(head.bytes.data)) {
		error = begin_section(reader, input, reterr);
		if (!error)
			error = input_look(input, 8, &head.bytes, reterr);
		head.is_big = reader->is_big;
	}
	if (error)
		return error == -ENODATA ? error_set(reterr, -EBADMSG, "a section is cut off") :
					   error;
	(void)ordered_read32(&head, ret_type);
	(void)ordered_read32(&head, &length);
	if (length < BLOCK_OVERHEAD_BYTES || length % 4 || length > INPUT_MAXIMUM_BYTES)
		return error_set(reterr, -EBADMSG, "a block of %u bytes cannot be right", length);
	error = input_take(input, length, &ret_body->bytes, reterr);
	if (error)
		return error == -ENODATA ? error_set(reterr, -EBADMSG, "a block is cut off") :
					   error;
	(void)bytes_skip(&ret_body->bytes, 8);
	ret_body->bytes.length -= 4;
	ret_body->is_big = reader->is_big;
	return 0;
}

static int next_pcapng(void *state, struct input *input, struct packet *ret_packet,
		       struct error *reterr)
{
	struct pcapng_reader *reader = state;
	struct ordered_bytes body;
	uint32_t type;
	int error;

	while (!(error = take_block(reader, input, &type, &body, reterr))) {
		switch (type) {
		case BLOCK_INTERFACE:
			error = add_interface(reader, &body, reterr);
			if (error)
				return error;
			break;
		case BLOCK_ENHANCED_PACKET:
			return read_enhanced(reader, &body, ret_packet, reterr);
		case BLOCK_SIMPLE_PACKET:
			return read_simple(reader, &body, ret_packet, reterr);
		case BLOCK_PACKET:
			return read_obsolete(reader, &body, ret_packet, reterr);
		}
	}
	return error;
}

const struct capture_format pcapng_format = {
	.is_begun_by = is_begun_by,
	.open = open_pcapng,
	.next = next_pcapng,
	.close = close_pcapng,
};
