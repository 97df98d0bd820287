/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in pcapng files, block by block, and that libpcap reads them. */
#include "pcapng_blocks.h"

static void test_head(void)
{
	int fd = open_file();
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_ETHERNET);
	const struct block *block;
	uint16_t size;

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
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_ETHERNET);
	unsigned int right = 0;

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
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_ETHERNET);
	struct capture_file_packet lost = packet_from(9, 60);
	const struct block *block;
	uint16_t size;

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
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_LINUX_SLL2);

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
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_LINUX_SLL2);
	uint16_t size;

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
	fill_pattern();
	test_head();
	test_packets();
	test_statistics();
	test_new_interfaces();
	test_cooked_flags();
	test_many_interfaces();
	interface_table_free(table);
	return check_finish();
}
