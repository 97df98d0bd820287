/* SPDX-License-Identifier: GPL-2.0-only */
/* Blocks and options of pcapng; see pcapng_writer.h. The sections named are those of the draft. */
#include "pcapng_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "interface_table.h"

/* Section 4; all numbers are in the byte order of this machine. */
enum block_type {
	BLOCK_SECTION_HEADER = 0x0a0d0d0a,
	BLOCK_INTERFACE_DESCRIPTION = 1,
	BLOCK_INTERFACE_STATISTICS = 5,
	BLOCK_ENHANCED_PACKET = 6,
};

/* Section 3.5, and those of the blocks in section 4. */
enum option_code {
	OPTION_END = 0,
	OPTION_SECTION_HARDWARE = 2,
	OPTION_SECTION_OS = 3,
	OPTION_SECTION_APPLICATION = 4,
	OPTION_INTERFACE_NAME = 2,
	OPTION_INTERFACE_TIME_RESOLUTION = 9,
	OPTION_INTERFACE_FILTER = 11,
	OPTION_PACKET_FLAGS = 2,
	OPTION_STATISTICS_START_TIME = 2,
	OPTION_STATISTICS_END_TIME = 3,
	OPTION_STATISTICS_RECEIVED = 4,
	OPTION_STATISTICS_DROPPED = 5,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define NANOSECONDS 9
/* An enhanced packet block but for the packet: with its flags, and the end of its options. */
#define PACKET_BLOCK_BYTES (32 + 8 + 4)
/* A longer filter is left out: a part of it would say something else. */
#define MAXIMUM_FILTER_BYTES 60000
/* More than a description but for its filter. */
#define DESCRIPTION_BYTES 128
/* The number of an interface of which the table knows nothing. */
#define UNKNOWN_INTERFACE INTERFACE_TABLE_ENTRIES
#define INTERFACES (INTERFACE_TABLE_ENTRIES + 1)
#define NO_ID UINT16_MAX

struct counts {
	uint64_t written;
	uint64_t lost; /* in writing */
};

/* Interfaces have their number in the table; in the file they are counted as they are described. */
struct pcapng_writer {
	struct encoder encoder;
	struct interface_table *interfaces;
	const char *filter;
	uint16_t link_type; /* as in the file */
	bool is_cooked;
	bool has_section;
	uint32_t snapshot_bytes;
	int64_t start_ns;
	uint32_t tail_described;          /* statistics that are written */
	uint32_t described;               /* ids given so far */
	uint16_t ids[INTERFACES];         /* by number; NO_ID: not described */
	uint16_t numbers[INTERFACES];     /* by id */
	struct counts counts[INTERFACES]; /* by number */
};

_Static_assert(INTERFACES < NO_ID, "ids have 16 bits");

static void put(struct encoder_sink *sink, const void *bytes, size_t size)
{
	memcpy(sink->bytes + sink->used, bytes, size);
	sink->used += size;
}

static void put_u16(struct encoder_sink *sink, uint16_t value)
{
	put(sink, &value, sizeof(value));
}

static void put_u32(struct encoder_sink *sink, uint32_t value)
{
	put(sink, &value, sizeof(value));
}

static void put_u64(struct encoder_sink *sink, uint64_t value)
{
	put(sink, &value, sizeof(value));
}

/* Sections 4.3 and 4.6: the upper half first, in either byte order. */
static void put_time(struct encoder_sink *sink, int64_t time_ns)
{
	put_u32(sink, (uint32_t)((uint64_t)time_ns >> 32));
	put_u32(sink, (uint32_t)time_ns);
}

static void pad(struct encoder_sink *sink)
{
	while (sink->used % 4)
		sink->bytes[sink->used++] = 0;
}

static void put_option_head(struct encoder_sink *sink, enum option_code code, size_t size)
{
	put_u16(sink, (uint16_t)code);
	put_u16(sink, (uint16_t)size);
}

static void put_option(struct encoder_sink *sink, enum option_code code, const void *bytes,
		       size_t size)
{
	put_option_head(sink, code, size);
	put(sink, bytes, size);
	pad(sink);
}

static void put_text(struct encoder_sink *sink, enum option_code code, const char *text)
{
	put_option(sink, code, text, strlen(text));
}

static void put_count(struct encoder_sink *sink, enum option_code code, uint64_t count)
{
	put_option(sink, code, &count, sizeof(count));
}

static void put_time_option(struct encoder_sink *sink, enum option_code code, int64_t time_ns)
{
	put_option_head(sink, code, 8);
	put_time(sink, time_ns);
}

/* Returns where the block begins. */
static size_t begin_block(struct encoder_sink *sink, enum block_type type)
{
	size_t start = sink->used;

	put_u32(sink, type);
	put_u32(sink, 0);
	return start;
}

/* Its length, at both ends of it. */
static void end_block(struct encoder_sink *sink, size_t start)
{
	uint32_t size = (uint32_t)(sink->used - start + sizeof(size));

	memcpy(sink->bytes + start + 4, &size, sizeof(size));
	put_u32(sink, size);
}

static void write_section(struct encoder_sink *sink)
{
	size_t start = begin_block(sink, BLOCK_SECTION_HEADER);
	struct utsname system;
	char text[160];

	put_u32(sink, BYTE_ORDER_MAGIC);
	put_u16(sink, 1); /* version 1.0 */
	put_u16(sink, 0);
	put_u64(sink, UINT64_MAX); /* the length of the section is not known */
	if (!uname(&system)) {
		put_text(sink, OPTION_SECTION_HARDWARE, system.machine);
		snprintf(text, sizeof(text), "%s %s", system.sysname, system.release);
		put_text(sink, OPTION_SECTION_OS, text);
	}
	put_text(sink, OPTION_SECTION_APPLICATION, "pktsieve " PKTSIEVE_VERSION);
	put_option_head(sink, OPTION_END, 0);
	end_block(sink, start);
}

/* Gives the interface an id. */
static void describe(struct pcapng_writer *writer, size_t number, struct encoder_sink *sink)
{
	const uint8_t resolution = NANOSECONDS;
	size_t start = begin_block(sink, BLOCK_INTERFACE_DESCRIPTION);
	size_t filter_bytes = writer->filter ? strlen(writer->filter) : 0;

	put_u16(sink, writer->link_type);
	put_u16(sink, 0);
	put_u32(sink, writer->snapshot_bytes);
	if (number != UNKNOWN_INTERFACE)
		put_text(sink, OPTION_INTERFACE_NAME,
			 interface_table_at(writer->interfaces, number)->name);
	put_option(sink, OPTION_INTERFACE_TIME_RESOLUTION, &resolution, sizeof(resolution));
	if (filter_bytes && filter_bytes <= MAXIMUM_FILTER_BYTES) {
		/* Its first byte says that the rest is an expression of libpcap's. */
		put_option_head(sink, OPTION_INTERFACE_FILTER, 1 + filter_bytes);
		put(sink, "", 1);
		put(sink, writer->filter, filter_bytes);
		pad(sink);
	}
	put_option_head(sink, OPTION_END, 0);
	end_block(sink, start);
	writer->ids[number] = (uint16_t)writer->described;
	writer->numbers[writer->described++] = (uint16_t)number;
}

static bool write_head(struct encoder *encoder, struct encoder_sink *sink)
{
	struct pcapng_writer *writer = (struct pcapng_writer *)encoder;

	if (!writer->has_section) {
		write_section(sink);
		writer->has_section = true;
	} else if (writer->described < interface_table_count(writer->interfaces)) {
		describe(writer, writer->described, sink);
	}
	return writer->described < interface_table_count(writer->interfaces);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Section 4.6: what was received includes what was dropped. */
static void write_statistics(struct pcapng_writer *writer, uint32_t id, struct encoder_sink *sink)
{
	size_t number = writer->numbers[id], start;
	const struct counts *counts = &writer->counts[number];
	int64_t end_ns = now_ns();
	uint64_t dropped = counts->lost;

	if (number != UNKNOWN_INTERFACE)
		dropped += __atomic_load_n(&interface_table_at(writer->interfaces, number)->dropped,
					   __ATOMIC_RELAXED);
	start = begin_block(sink, BLOCK_INTERFACE_STATISTICS);
	put_u32(sink, id);
	put_time(sink, end_ns);
	put_time_option(sink, OPTION_STATISTICS_START_TIME, writer->start_ns);
	put_time_option(sink, OPTION_STATISTICS_END_TIME, end_ns);
	put_count(sink, OPTION_STATISTICS_RECEIVED, counts->written + dropped);
	put_count(sink, OPTION_STATISTICS_DROPPED, dropped);
	put_option_head(sink, OPTION_END, 0);
	end_block(sink, start);
}

static bool write_tail(struct encoder *encoder, struct encoder_sink *sink)
{
	struct pcapng_writer *writer = (struct pcapng_writer *)encoder;

	if (writer->tail_described < writer->described)
		write_statistics(writer, writer->tail_described++, sink);
	return writer->tail_described < writer->described;
}

static size_t number_of(const struct pcapng_writer *writer, uint32_t ifindex)
{
	/* INTERFACE_TABLE_ENTRIES where there is none. */
	return interface_table_find(writer->interfaces, ifindex);
}

static size_t packet_bytes(const struct encoder *encoder, const struct capture_file_packet *packet)
{
	const struct pcapng_writer *writer = (const struct pcapng_writer *)encoder;
	size_t size = PACKET_BLOCK_BYTES + (packet->captured_bytes + 3u) / 4 * 4;

	if (writer->ids[number_of(writer, packet->ifindex)] != NO_ID)
		return size;
	return size + DESCRIPTION_BYTES + (writer->filter ? strlen(writer->filter) : 0);
}

/* Section 4.3.1: direction and reception type, which only a cooked packet is known to have. */
static uint32_t packet_flags(const struct pcapng_writer *writer,
			     const struct capture_file_packet *packet)
{
	static const uint8_t reception_types[] = {
		[PACKET_TYPE_HOST] = 1,      [PACKET_TYPE_MULTICAST] = 2,
		[PACKET_TYPE_BROADCAST] = 3, [PACKET_TYPE_OTHERHOST] = 4, /* promiscuous */
		[PACKET_TYPE_OUTGOING] = 0,                               /* not specified */
	};
	uint32_t flags = packet->direction == DIRECTION_INGRESS ? 1 : 2;

	if (writer->is_cooked && packet->packet_type < sizeof(reception_types))
		flags |= (uint32_t)reception_types[packet->packet_type] << 2;
	return flags;
}

static void write_packet(struct encoder *encoder, const struct capture_file_packet *packet,
			 struct encoder_sink *sink)
{
	struct pcapng_writer *writer = (struct pcapng_writer *)encoder;
	size_t number = number_of(writer, packet->ifindex), start;

	if (writer->ids[number] == NO_ID)
		describe(writer, number, sink);
	start = begin_block(sink, BLOCK_ENHANCED_PACKET);
	put_u32(sink, writer->ids[number]);
	put_time(sink, packet->time_ns);
	put_u32(sink, packet->captured_bytes);
	put_u32(sink, packet->wire_bytes);
	put(sink, packet->bytes, packet->captured_bytes);
	pad(sink);
	put_option_head(sink, OPTION_PACKET_FLAGS, 4);
	put_u32(sink, packet_flags(writer, packet));
	put_option_head(sink, OPTION_END, 0);
	end_block(sink, start);
	writer->counts[number].written++;
}

static uint32_t described(const struct encoder *encoder)
{
	return ((const struct pcapng_writer *)encoder)->described;
}

static void forget_described(struct encoder *encoder, uint32_t count)
{
	struct pcapng_writer *writer = (struct pcapng_writer *)encoder;

	writer->tail_described = 0;
	while (writer->described > count)
		writer->ids[writer->numbers[--writer->described]] = NO_ID;
}

static void lose_packet(struct encoder *encoder, uint32_t ifindex, bool has_been_written)
{
	struct pcapng_writer *writer = (struct pcapng_writer *)encoder;
	struct counts *counts = &writer->counts[number_of(writer, ifindex)];

	counts->lost++;
	counts->written -= has_been_written;
}

static void free_writer(struct encoder *encoder)
{
	free(encoder);
}

static const struct encoder_operations operations = {
	.write_head = write_head,
	.write_tail = write_tail,
	.packet_bytes = packet_bytes,
	.write_packet = write_packet,
	.described = described,
	.forget_described = forget_described,
	.lose_packet = lose_packet,
	.free = free_writer,
};

int pcapng_writer_new(const struct capture_file_options *options, struct encoder **ret_encoder)
{
	struct pcapng_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return -ENOMEM;
	writer->encoder.operations = &operations;
	writer->interfaces = options->interfaces;
	writer->filter = options->filter;
	/* LINKTYPE_RAW: the number of libpcap's DLT_RAW is not the same on all systems. */
	writer->link_type =
		options->link_type == LINK_TYPE_RAW ? 101 : (uint16_t)options->link_type;
	writer->is_cooked = options->link_type == LINK_TYPE_LINUX_SLL2;
	writer->snapshot_bytes = options->snapshot_bytes;
	writer->start_ns = now_ns();
	memset(writer->ids, 0xff, sizeof(writer->ids));
	*ret_encoder = &writer->encoder;
	return 0;
}
