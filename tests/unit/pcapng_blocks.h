/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tests of pcapng_writer.c: files, and their blocks, taken apart again as the draft has
 * them.
 */
#pragma once

#include "../../user/interface_table.h"
#include "capture_file.h"

#define MAXIMUM_BLOCKS 2000

struct block {
	uint32_t type;
	uint32_t bytes; /* in all */
	const uint8_t *body;
	uint32_t body_bytes;
	const uint8_t *options; /* behind what this block always has */
};

static uint8_t contents[4 << 20];
static struct block blocks[MAXIMUM_BLOCKS];
static size_t block_count;
/* eth0 has number 7, eth1 9. */
static struct interface_table *table;

static inline uint16_t u16(const uint8_t *bytes)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint32_t u32(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint64_t u64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint64_t upper_first(const uint8_t *bytes)
{
	return (uint64_t)u32(bytes) << 32 | u32(bytes + 4);
}

/* Where options begin; enhanced packets: behind the packet. */
static inline uint32_t fixed_bytes(const struct block *block)
{
	switch (block->type) {
	case 0x0a0d0d0a:
		return 16;
	case 1:
		return 8;
	case 5:
		return 12;
	case 6:
		return 20 + (u32(block->body + 12) + 3) / 4 * 4;
	}
	return UINT32_MAX;
}

/* Whether the options end where the block does, with the one that says so. */
static inline bool has_options(const struct block *block)
{
	const uint8_t *end = block->body + block->body_bytes, *option = block->options;

	while (option + 4 <= end && u16(option))
		option += 4 + (u16(option + 2) + 3) / 4 * 4;
	return option + 4 == end && !u32(option);
}

/* The value of an option, or NULL. */
static inline const uint8_t *find_option(const struct block *block, uint16_t code,
					 uint16_t *ret_bytes)
{
	const uint8_t *option = block->options;

	while (u16(option) && u16(option) != code)
		option += 4 + (u16(option + 2) + 3) / 4 * 4;
	*ret_bytes = u16(option + 2);
	return u16(option) ? option + 4 : NULL;
}

static inline bool has_text(const struct block *block, uint16_t code, const char *text)
{
	uint16_t size;
	const uint8_t *value = find_option(block, code, &size);

	return value && size == strlen(text) && memcmp(value, text, size) == 0;
}

static inline uint64_t count_option(const struct block *block, uint16_t code)
{
	uint16_t size;
	const uint8_t *value = find_option(block, code, &size);

	return value && size == 8 ? u64(value) : UINT64_MAX;
}

/* Takes the file apart; false where it is not made of whole blocks. */
static inline bool read_blocks(int fd)
{
	ssize_t size = pread(fd, contents, sizeof(contents), 0);
	const uint8_t *next = contents, *end = contents + (size > 0 ? size : 0);
	struct block *block;

	for (block_count = 0; next < end; next += block->bytes) {
		block = &blocks[block_count++];
		if (end - next < 12 || block_count == MAXIMUM_BLOCKS)
			return false;
		*block = (struct block){ .type = u32(next), .bytes = u32(next + 4) };
		if (block->bytes % 4 || block->bytes < 12 || block->bytes > end - next ||
		    u32(next + block->bytes - 4) != block->bytes)
			return false;
		block->body = next + 8;
		block->body_bytes = block->bytes - 12;
		if (fixed_bytes(block) > block->body_bytes)
			return false;
		block->options = block->body + fixed_bytes(block);
		if (!has_options(block))
			return false;
	}
	return true;
}

static inline const struct block *find_block(uint32_t type, size_t number)
{
	for (size_t i = 0; i < block_count; i++)
		if (blocks[i].type == type && number-- == 0)
			return &blocks[i];
	check(false, "there is such a block");
	exit(1);
}

static inline size_t count_blocks(uint32_t type)
{
	size_t count = 0;

	for (size_t i = 0; i < block_count; i++)
		count += blocks[i].type == type;
	return count;
}

static inline void add_interface(const char *name, unsigned int ifindex,
				 unsigned short hardware_type)
{
	struct interface interface = { .ifindex = ifindex, .hardware_type = hardware_type };

	snprintf(interface.name, sizeof(interface.name), "%s", name);
	interface_table_add(table, &interface);
}

static inline struct capture_file *open_pcapng(int fd, enum link_type link_type)
{
	const struct capture_file_options options = {
		.link_type = link_type,
		.snapshot_bytes = 1000,
		.is_pcapng = true,
		.filter = "udp port 53",
		.interfaces = table,
	};

	return open_writer(fd, &options);
}

static inline void begin_table(void)
{
	interface_table_free(table);
	table = interface_table_new();
	add_interface("eth0", 7, 1);
	add_interface("eth1", 9, 1);
}

/* The first file of a table that has eth0 and eth1. */
static inline struct capture_file *begin_pcapng(int fd, enum link_type link_type)
{
	begin_table();
	return open_pcapng(fd, link_type);
}

static inline struct capture_file_packet packet_from(uint32_t ifindex, uint32_t bytes)
{
	struct capture_file_packet packet = make_packet(1, bytes, bytes);

	packet.ifindex = ifindex;
	return packet;
}

static inline int write_from(struct capture_file *file, uint32_t ifindex, uint32_t bytes)
{
	struct capture_file_packet packet = packet_from(ifindex, bytes);

	return capture_file_write(file, &packet);
}
