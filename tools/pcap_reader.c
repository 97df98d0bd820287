/* SPDX-License-Identifier: GPL-2.0-only */
/* The pcap format: draft-ietf-opsawg-pcap, sections 4 and 5. */
#include <errno.h>
#include <stdlib.h>

#include "capture_format.h"
#include "ordered_bytes.h"

#define FILE_HEADER_BYTES 24
#define RECORD_HEADER_BYTES 16
#define LINK_TYPE_MASK \
	0xffffu /* above it: whether frames end with a checksum, and of how many bytes */
#define SECOND_NS 1000000000ull

enum {
	MAGIC_MICROSECONDS = 0xa1b2c3d4,
	MAGIC_NANOSECONDS = 0xa1b23c4d,
};

struct pcap_reader {
	bool is_big;
	uint32_t tick_ns;
	uint32_t link_type;
};

static uint32_t read_magic(const uint8_t magic[4], bool is_big)
{
	struct ordered_bytes ordered = { bytes_make(magic, 4), is_big };
	uint32_t value = 0;

	(void)ordered_read32(&ordered, &value);
	return value;
}

static bool is_known(uint32_t magic)
{
	return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS;
}

static bool is_begun_by(const uint8_t magic[4])
{
	return is_known(read_magic(magic, false)) || is_known(read_magic(magic, true));
}

static int open_pcap(struct input *input, void **ret_state, struct error *reterr)
{
	struct ordered_bytes header;
	struct pcap_reader *reader;
	uint32_t link_type = 0;
	bool is_big;
	int error = input_take(input, FILE_HEADER_BYTES, &header.bytes, reterr);

	if (error)
		return error == -ENODATA ?
			       error_set(reterr, -EBADMSG, "the file header is cut off") :
			       error;
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return error_set(reterr, -ENOMEM, "out of memory");
	is_big = is_known(read_magic(header.bytes.data, true));
	reader->is_big = header.is_big = is_big;
	reader->tick_ns = read_magic(header.bytes.data, is_big) == MAGIC_NANOSECONDS ? 1 : 1000;
	(void)bytes_skip(&header.bytes, FILE_HEADER_BYTES - sizeof(link_type));
	(void)ordered_read32(&header, &link_type);
	reader->link_type = link_type & LINK_TYPE_MASK;
	*ret_state = reader;
	return 0;
}

static int next_pcap(void *state, struct input *input, struct packet *ret_packet,
		     struct error *reterr)
{
	const struct pcap_reader *reader = state;
	struct ordered_bytes header = { .is_big = reader->is_big };
	uint32_t seconds = 0, ticks = 0, captured = 0, wire = 0;
	int error = input_take(input, RECORD_HEADER_BYTES, &header.bytes, reterr);

	if (error == -ENODATA && header.bytes.length)
		return error_set(reterr, -EBADMSG, "the header of a packet is cut off");
	if (error)
		return error;
	(void)ordered_read32(&header, &seconds);
	(void)ordered_read32(&header, &ticks);
	(void)ordered_read32(&header, &captured);
	(void)ordered_read32(&header, &wire);
	if (captured > INPUT_MAXIMUM_BYTES)
		return error_set(reterr, -EBADMSG, "a packet of %u bytes cannot be right",
				 captured);
	error = input_take(input, captured, &ret_packet->bytes, reterr);
	if (error)
		return error == -ENODATA ? error_set(reterr, -EBADMSG, "a packet is cut off") :
					   error;
	ret_packet->time_ns = seconds * SECOND_NS + (uint64_t)ticks * reader->tick_ns;
	/* Some files say 0, or less than there is. */
	ret_packet->wire_bytes = wire < captured ? captured : wire;
	ret_packet->link_type = reader->link_type;
	ret_packet->interface = 0;
	ret_packet->comment = (struct bytes){ 0 };
	ret_packet->interface_name = NULL;
	ret_packet->direction = PACKET_DIRECTION_UNKNOWN;
	ret_packet->has_nanoseconds = reader->tick_ns == 1;
	return 0;
}

const struct capture_format pcap_format = {
	.is_begun_by = is_begun_by,
	.open = open_pcap,
	.next = next_pcap,
	.close = free,
};
