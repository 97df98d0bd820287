/* SPDX-License-Identifier: GPL-2.0-only */
/* pcapng files, taken apart again block by block as the draft has them. */
#include <inttypes.h>
#include <signal.h>

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
static struct interface_table *table;

static uint16_t u16(const uint8_t *bytes)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint32_t u32(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint64_t u64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint64_t upper_first(const uint8_t *bytes)
{
	return (uint64_t)u32(bytes) << 32 | u32(bytes + 4);
}

/* Where options begin; enhanced packets: behind the packet. */
static uint32_t fixed_bytes(const struct block *block)
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
static bool has_options(const struct block *block)
{
	const uint8_t *end = block->body + block->body_bytes, *option = block->options;

	while (option + 4 <= end && u16(option))
		option += 4 + (u16(option + 2) + 3) / 4 * 4;
	return option + 4 == end && !u32(option);
}

/* The value of an option, or NULL. */
static const uint8_t *find_option(const struct block *block, uint16_t code, uint16_t *ret_bytes)
{
	const uint8_t *option = block->options;

	while (u16(option) && u16(option) != code)
		option += 4 + (u16(option + 2) + 3) / 4 * 4;
	*ret_bytes = u16(option + 2);
	return u16(option) ? option + 4 : NULL;
}

static bool has_text(const struct block *block, uint16_t code, const char *text)
{
	uint16_t size;
	const uint8_t *value = find_option(block, code, &size);

	return value && size == strlen(text) && memcmp(value, text, size) == 0;
}

static uint64_t count_option(const struct block *block, uint16_t code)
{
	uint16_t size;
	const uint8_t *value = find_option(block, code, &size);

	return value && size == 8 ? u64(value) : UINT64_MAX;
}

/* Takes the file apart; false where it is not made of whole blocks. */
static bool read_blocks(int fd)
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

static const struct block *find_block(uint32_t type, size_t number)
{
	for (size_t i = 0; i < block_count; i++)
		if (blocks[i].type == type && number-- == 0)
			return &blocks[i];
	check(false, "there is such a block");
	exit(1);
}

static size_t count_blocks(uint32_t type)
{
	size_t count = 0;

	for (size_t i = 0; i < block_count; i++)
		count += blocks[i].type == type;
	return count;
}

static void add_interface(const char *name, unsigned int ifindex, unsigned short hardware_type)
{
	struct interface interface = { .ifindex = ifindex, .hardware_type = hardware_type };

	snprintf(interface.name, sizeof(interface.name), "%s", name);
	interface_table_add(table, &interface);
}

/* eth0 has number 7, eth1 9, tun0 300. */
static struct capture_file *open_pcapng(int fd, enum link_type link_type)
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

static void begin_table(void)
{
	interface_table_free(table);
	table = interface_table_new();
	add_interface("eth0", 7, 1);
	add_interface("eth1", 9, 1);
}

static struct capture_file_packet packet_from(uint32_t ifindex, uint32_t bytes)
{
	struct capture_file_packet packet = make_packet(1, bytes, bytes);

	packet.ifindex = ifindex;
	return packet;
}

static int write_from(struct capture_file *file, uint32_t ifindex, uint32_t bytes)
{
	struct capture_file_packet packet = packet_from(ifindex, bytes);

	return capture_file_write(file, &packet);
}

static void test_head(void)
{
	int fd = open_file();
	struct capture_file *file;
	const struct block *block;
	uint16_t size;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_ETHERNET);
	check(read_blocks(fd) && block_count == 3, "an opened file has a head of whole blocks");
	block = find_block(0x0a0d0d0a, 0);
	check(block == blocks && u32(block->body) == 0x1a2b3c4d && u16(block->body + 4) == 1 &&
		      u16(block->body + 6) == 0 && u64(block->body + 8) == UINT64_MAX,
	      "the section is of version 1.0, in this machine's byte order, of unknown length");
	check(has_text(block, 4, "pktsieve " PKTSIEVE_VERSION) && find_option(block, 2, &size) &&
		      find_option(block, 3, &size),
	      "the section names pktsieve, its version, hardware and system");
	block = find_block(1, 1);
	check(u16(block->body) == 1 && u16(block->body + 2) == 0 && u32(block->body + 4) == 1000,
	      "an interface has link type and snapshot length");
	check(has_text(block, 2, "eth1"), "an interface has its name");
	check(*find_option(block, 9, &size) == 9 && size == 1, "its times are nanoseconds");
	check(!memcmp(find_option(block, 11, &size), "\0udp port 53", 12) && size == 12,
	      "an interface has the filter");
	capture_file_close(file);
	check(read_blocks(fd) && count_blocks(5) == 2,
	      "a file without packets has statistics of each interface");
	close(fd);
}

static void test_packets(void)
{
	int fd = open_file();
	struct capture_file *file;
	unsigned int right = 0;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_ETHERNET);
	for (uint32_t i = 0; i < 200; i++) {
		struct capture_file_packet packet = make_packet(i, 2000 + i, 1 + i);

		packet.ifindex = i % 2 ? 9 : 7;
		packet.direction = i % 3 ? DIRECTION_INGRESS : DIRECTION_EGRESS;
		packet.packet_type = PACKET_TYPE_BROADCAST;
		capture_file_write(file, &packet);
	}
	capture_file_flush(file);
	check(read_blocks(fd) && count_blocks(6) == 200, "each packet is a block");
	for (uint32_t i = 0; i < 200; i++) {
		const struct block *block = find_block(6, i);
		struct capture_file_packet packet = make_packet(i, 2000 + i, 1 + i);
		uint16_t size;

		right += u32(block->body) == i % 2 &&
			 upper_first(block->body + 4) == (uint64_t)packet.time_ns &&
			 u32(block->body + 12) == 1 + i && u32(block->body + 16) == 2000 + i &&
			 !memcmp(block->body + 20, packet.bytes, 1 + i) &&
			 u32(find_option(block, 2, &size)) == (i % 3 ? 1 : 2) && size == 4;
	}
	check(right == 200, "each has interface, time, lengths, bytes and direction");
	check_note("%u of 200", right);
	capture_file_close(file);
	check(count_packets(fd) == 200, "libpcap reads them");
	close(fd);
}

static void test_statistics(void)
{
	int fd = open_file();
	struct capture_file *file;
	struct capture_file_packet lost = packet_from(9, 60);
	const struct block *block;
	uint16_t size;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_ETHERNET);
	for (int i = 0; i < 5; i++)
		write_from(file, 7, 60);
	write_from(file, 9, 60);
	for (int i = 0; i < 3; i++)
		capture_file_lose(file, &lost);
	interface_table_at(table, 0)->dropped = 1000;
	capture_file_close(file);
	check(read_blocks(fd), "a closed file has whole blocks");
	block = find_block(5, 0);
	check(u32(block->body) == 0 && count_option(block, 4) == 1005 &&
		      count_option(block, 5) == 1000,
	      "what was received is what is in the file and what the kernel lost");
	block = find_block(5, 1);
	check(u32(block->body) == 1 && count_option(block, 4) == 4 && count_option(block, 5) == 3,
	      "what was lost in writing is dropped, too");
	check(upper_first(find_option(block, 2, &size)) <=
			      upper_first(find_option(block, 3, &size)) &&
		      upper_first(find_option(block, 3, &size)) == upper_first(block->body + 4) &&
		      upper_first(block->body + 4) > 1700000000000000000,
	      "they have the times of begin and end");
	close(fd);
}

static void test_new_interfaces(void)
{
	int fd = open_file();
	struct capture_file *file;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_LINUX_SLL2);
	add_interface("unused", 11, 1);
	add_interface("tun0", 300, 65534);
	write_from(file, 9, 60);
	write_from(file, 300, 60);
	write_from(file, 12345, 60);
	write_from(file, 300, 60);
	capture_file_close(file);
	check(read_blocks(fd) && count_blocks(1) == 4 && count_blocks(6) == 4 &&
		      count_blocks(5) == 4,
	      "interfaces that come later are described with their first packet");
	check(blocks[4].type == 1 && has_text(&blocks[4], 2, "tun0") && blocks[5].type == 6 &&
		      u32(blocks[5].body) == 2,
	      "the description is before the packet");
	check(u32(find_block(6, 0)->body) == 1 && u32(find_block(6, 2)->body) == 3 &&
		      u32(find_block(6, 3)->body) == 2 && count_option(find_block(5, 2), 4) == 2,
	      "one that is in no table has a description of its own");
	check(u16(find_block(1, 0)->body) == 276, "cooked packets have the link type of SLL2");
	close(fd);
}

static const struct {
	uint8_t packet_type;
	uint8_t direction;
	uint32_t flags;
} cooked_flags[] = {
	{ PACKET_TYPE_HOST, DIRECTION_INGRESS, 1 | 1 << 2 },
	{ PACKET_TYPE_MULTICAST, DIRECTION_INGRESS, 1 | 2 << 2 },
	{ PACKET_TYPE_BROADCAST, DIRECTION_INGRESS, 1 | 3 << 2 },
	{ PACKET_TYPE_OTHERHOST, DIRECTION_INGRESS, 1 | 4 << 2 },
	{ PACKET_TYPE_OUTGOING, DIRECTION_EGRESS, 2 },
};

static void test_cooked_flags(void)
{
	int fd = open_file();
	struct capture_file *file;
	uint16_t size;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_LINUX_SLL2);
	for (size_t i = 0; i < LENGTH(cooked_flags); i++) {
		struct capture_file_packet packet = packet_from(7, 60);

		packet.packet_type = cooked_flags[i].packet_type;
		packet.direction = cooked_flags[i].direction;
		capture_file_write(file, &packet);
	}
	capture_file_close(file);
	read_blocks(fd);
	for (size_t i = 0; i < LENGTH(cooked_flags); i++)
		check(u32(find_option(find_block(6, i), 2, &size)) == cooked_flags[i].flags,
		      "a cooked packet of type %u has the flags 0x%x", cooked_flags[i].packet_type,
		      cooked_flags[i].flags);
	close(fd);
}

/* The file is full within the packet that tun0's description is with. */
static void test_full(bool is_description_kept)
{
	const char *where = is_description_kept ? "behind" : "before";
	int fd = open_file();
	struct capture_file *file;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_ETHERNET);
	add_interface("tun0", 300, 65534);
	write_from(file, 7, 60);
	write_from(file, 300, 60);
	write_from(file, 300, 60);
	limit_files(capture_file_progress(file)->flushed_bytes +
		    (is_description_kept ? 104 * 2 + 68 + 50 : 104 + 68 + 50));
	check(capture_file_flush(file) == -EFBIG && read_blocks(fd) &&
		      count_blocks(6) == (is_description_kept ? 2 : 1) &&
		      count_blocks(1) == (is_description_kept ? 3 : 2),
	      "a file that is full %s a packet with a description ends with a whole block", where);
	check_note("%zu packets, %zu interfaces", count_blocks(6), count_blocks(1));
	unlimit_files();
	capture_file_resume(file);
	write_from(file, 300, 60);
	write_from(file, 9, 60);
	check(!capture_file_close(file) && read_blocks(fd) && count_blocks(1) == 3,
	      "what the cut took is described again, what it left is not: %s", where);
	check_note("%zu", count_blocks(1));
	check(count_option(find_block(5, 2), 4) == 3 &&
		      count_option(find_block(5, 2), 5) == (is_description_kept ? 1 : 2) &&
		      count_option(find_block(5, 0), 5) == 0,
	      "what the cut took is dropped: %s", where);
	check_note("received %" PRIu64 ", dropped %" PRIu64, count_option(find_block(5, 2), 4),
		   count_option(find_block(5, 2), 5));
	check(count_packets(fd) == (is_description_kept ? 4 : 3), "libpcap reads the rest: %s",
	      where);
	close(fd);
}

/* There is no room for the statistics; then there is. */
static void test_full_at_end(void)
{
	int fd = open_file();
	struct capture_file *file;

	begin_table();
	file = open_pcapng(fd, LINK_TYPE_ETHERNET);
	write_from(file, 7, 60);
	capture_file_flush(file);
	limit_files(file_bytes(fd) + 100);
	check(capture_file_finish(file) == -EFBIG && read_blocks(fd) && count_blocks(5) == 0 &&
		      count_blocks(6) == 1,
	      "a file without room for its end is cut to its last packet");
	unlimit_files();
	check(!capture_file_resume(file) && !write_from(file, 9, 60) &&
		      !capture_file_finish(file) && !capture_file_close(file) && read_blocks(fd) &&
		      count_blocks(5) == 2 && count_blocks(6) == 2,
	      "where there is room again, it goes on and gets an end");
	close(fd);
	fd = open_file();
	file = open_pcapng(fd, LINK_TYPE_ETHERNET);
	limit_files(file_bytes(fd) + 100);
	check(capture_file_finish(file) == -EFBIG && !capture_file_resume(file) &&
		      capture_file_close(file) == -EFBIG && read_blocks(fd) && count_blocks(5) == 0,
	      "an end that has no room is an error of the close");
	unlimit_files();
	close(fd);
}

/* More descriptions than the buffer holds at once. */
static void test_many_interfaces(void)
{
	static char filter[20001];
	struct capture_file_options options = {
		.link_type = LINK_TYPE_ETHERNET,
		.snapshot_bytes = 1000,
		.is_pcapng = true,
		.filter = filter,
	};
	int fd = open_file();
	struct capture_file *file;
	char name[16];

	memset(filter, ' ', sizeof(filter) - 1);
	begin_table();
	options.interfaces = table;
	for (unsigned int i = 100; i < 200; i++) {
		snprintf(name, sizeof(name), "veth%u", i);
		add_interface(name, i, 1);
	}
	file = open_writer(fd, &options);
	for (unsigned int i = 100; i < 200; i++)
		write_from(file, i, 60);
	check(!capture_file_close(file) && read_blocks(fd) && count_blocks(1) == 102 &&
		      count_blocks(6) == 100 && count_blocks(5) == 102,
	      "a hundred interfaces with a long filter are all described");
	check(count_packets(fd) == 100, "libpcap reads a file with a hundred interfaces");
	close(fd);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	fill_pattern();
	test_head();
	test_packets();
	test_statistics();
	test_new_interfaces();
	test_cooked_flags();
	test_full(false);
	test_full(true);
	test_full_at_end();
	test_many_interfaces();
	interface_table_free(table);
	return check_finish();
}
