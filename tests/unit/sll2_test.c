/* SPDX-License-Identifier: GPL-2.0-only */
/* Cooked packets: the header that they get, and what the snapshot length means for them. */
#include "../../user/sll2.h"

#include <arpa/inet.h>

#include "../../user/interface_table.h"
#include "capture_file.h"

/* As tcpdump 4.99 wrote it of a packet on loopback (-i any), but for the address. */
static const uint8_t expected[SLL2_HEADER_BYTES] = {
	0x08, 0x00, 0,    0,    0,    0,    0, 1, /* protocol, reserved, ifindex */
	0x03, 0x04, 4,    6,                      /* ARPHRD_LOOPBACK, outgoing, address of 6 */
	0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0, 0,
};

static const struct capture_file_packet loopback = {
	.time_ns = 1,
	.ifindex = 1,
	.packet_type = PACKET_TYPE_OUTGOING,
	.link_address_bytes = LINK_ADDRESS_BYTES,
	.link_address = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
};

static void test_header(void)
{
	struct capture_file_packet packet = loopback;
	uint8_t header[SLL2_HEADER_BYTES];

	packet.protocol = htons(0x0800);
	sll2_write_header(&packet, 772, header);
	check(!memcmp(header, expected, sizeof(header)),
	      "a cooked header is what tcpdump writes of the same packet");
}

static const struct {
	uint32_t snapshot, wire, captured;
	uint32_t file_wire, file_captured;
} lengths[] = {
	{ 262144, 1500, 1500, 1520, 1520 },
	{ 60, 528, 60, 548, 60 },
	{ 60, 528, 40, 548, 60 },
	{ 60, 40, 40, 60, 60 },
	{ 60, 39, 39, 59, 59 },
	{ 21, 528, 1, 548, 21 },
	{ 262144, 262144, 262144, 262164, 262144 },
	{ 262144, 300000, 262124, 300020, 262144 },
};

static void test_lengths(size_t row, bool is_pcapng)
{
	struct interface_table *table = interface_table_new();
	const struct interface interface = { .name = "lo", .ifindex = 1, .hardware_type = 772 };
	struct capture_file_options options = {
		.link_type = LINK_TYPE_LINUX_SLL2,
		.snapshot_bytes = lengths[row].snapshot,
		.is_pcapng = is_pcapng,
		.interfaces = table,
	};
	struct capture_file_packet packet = loopback;
	struct pcap_pkthdr *header;
	const u_char *bytes = NULL;
	int fd = open_file();
	struct capture_file *file;
	bool is_read;
	pcap_t *capture;

	interface_table_add(table, &interface);
	file = open_writer(fd, &options);
	packet.protocol = htons(0x0800);
	packet.wire_bytes = lengths[row].wire;
	packet.captured_bytes = lengths[row].captured;
	packet.bytes = pattern;
	capture_file_write(file, &packet);
	capture_file_close(file);
	capture = open_capture(fd);
	is_read = capture && pcap_next_ex(capture, &header, &bytes) == 1;
	check(is_read && header->len == lengths[row].file_wire &&
		      header->caplen == lengths[row].file_captured,
	      "%u of %u bytes at a snapshot length of %u are %u of %u with the cooked header, %s",
	      lengths[row].captured, lengths[row].wire, lengths[row].snapshot,
	      lengths[row].file_captured, lengths[row].file_wire, is_pcapng ? "pcapng" : "pcap");
	check(is_read && !memcmp(bytes, expected, sizeof(expected)) &&
		      !memcmp(bytes + sizeof(expected), pattern,
			      lengths[row].file_captured - sizeof(expected)),
	      "the packet is behind its header");
	if (capture)
		pcap_close(capture);
	interface_table_free(table);
	close(fd);
}

int main(void)
{
	fill_pattern();
	test_header();
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		test_lengths(i, false);
		test_lengths(i, true);
	}
	return check_finish();
}
