/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of other forms: cooked ones, without the Ethernet header; those of packets that have
 * none; those that are cut behind their headers; and the losses of an interface.
 */
#include <arpa/inet.h>
#include <string.h>

#include "../unit/check.h"
#include "kernel_capture.h"
#include "traffic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ETHERNET_BYTES 14
#define PAYLOAD_BYTES 400

static enum hook hook;

static const char *name(void)
{
	return test_run_hook_name(hook);
}

/* An Ethernet header, these layers, and a payload. */
static void build(struct packet *packet, const struct layer *list, size_t count)
{
	struct layers layers = { 0 };

	layers_add(&layers, (struct layer){ .kind = LAYER_ETHERNET });
	layers_add_list(&layers, list, count);
	layers_add(&layers, (struct layer){ .kind = LAYER_PAYLOAD, .words = PAYLOAD_BYTES });
	packet_build(packet, &layers);
}

/* Runs one packet and leaves its record in the ring; false with a "# " line. */
static bool run(const struct kernel_capture *capture, const struct ring_reader *reader,
		enum direction direction, const struct packet *packet,
		struct ring_record *ret_record)
{
	int error = kernel_capture_run(capture, direction, packet, packet->length, NULL);

	if (!error && ring_reader_peek(reader, ret_record) && !ret_record->is_busy &&
	    !ret_record->is_discarded)
		return true;
	printf("# %s\n", error ? strerror(-error) : "no record");
	return false;
}

static bool open_capture(const struct kernel_capture_options *options,
			 struct kernel_capture *capture, struct ring_reader *reader)
{
	return !kernel_capture_open(options, capture) &&
	       !kernel_capture_map_ring(capture, 0, reader);
}

static void close_capture(struct kernel_capture *capture, struct ring_reader *reader)
{
	ring_reader_unmap(reader);
	kernel_capture_close(capture);
}

/* Packets with their last header's end, counted from the first byte. */
static const struct headers {
	const char *name;
	struct layer layers[8];
	uint32_t end;
} headers[] = {
	{ "ARP", { { .kind = LAYER_ARP } }, 14 + 28 },
	{ "TCP", { { .kind = LAYER_IPV4 }, { .kind = LAYER_TCP } }, 14 + 20 + 20 },
	{ "TCP with options",
	  { { .kind = LAYER_IPV4, .words = 2 }, { .kind = LAYER_TCP, .words = 10 } },
	  14 + 28 + 60 },
	{ "UDP behind two tags",
	  { { .kind = LAYER_VLAN },
	    { .kind = LAYER_VLAN },
	    { .kind = LAYER_IPV6 },
	    { .kind = LAYER_UDP } },
	  14 + 4 + 4 + 40 + 8 },
	{ "SCTP", { { .kind = LAYER_IPV4 }, { .kind = LAYER_SCTP } }, 14 + 20 + 12 },
	{ "ICMP", { { .kind = LAYER_IPV4 }, { .kind = LAYER_PROTOCOL, .type = 1 } }, 14 + 20 + 8 },
	{ "a later fragment",
	  { { .kind = LAYER_IPV4, .bits = 100 }, { .kind = LAYER_PROTOCOL, .type = 6 } },
	  14 + 20 },
	{ "a later fragment of IPv6",
	  { { .kind = LAYER_IPV6 },
	    { .kind = LAYER_FRAGMENT, .bits = 800 },
	    { .kind = LAYER_PROTOCOL, .type = 17 } },
	  14 + 40 + 8 },
	{ "an unknown EtherType", { { .kind = LAYER_ETHERTYPE, .type = 0x88b5 } }, 14 },
};

static void test_headers(uint32_t extra_bytes, bool is_cooked)
{
	const struct kernel_capture_options options = {
		.hook = hook,
		.expression = "",
		.copy_packets = true,
		.snap_headers = true,
		.snap_extra_bytes = extra_bytes,
		.is_cooked = is_cooked,
	};
	uint32_t skipped = is_cooked ? ETHERNET_BYTES : 0;
	struct ring_reader reader = { 0 };
	struct kernel_capture capture;
	struct ring_record found;
	struct packet packet;
	bool is_right = open_capture(&options, &capture, &reader);

	for (size_t i = 0; i < COUNT(headers) && is_right; i++) {
		uint32_t end = headers[i].end + extra_bytes;

		build(&packet, headers[i].layers, COUNT(headers[i].layers));
		if (end > packet.length)
			end = packet.length;
		is_right = run(&capture, &reader, DIRECTION_INGRESS, &packet, &found);
		if (!is_right)
			break;
		is_right = found.record->captured_bytes == end - skipped &&
			   found.record->wire_bytes == packet.length - skipped &&
			   !memcmp(found.bytes, packet.bytes + skipped, end - skipped);
		if (!is_right)
			printf("# %s: %u bytes instead of %u\n", headers[i].name,
			       found.record->captured_bytes, end - skipped);
		ring_reader_take(&reader);
	}
	check(is_right, "%s: %srecords are cut %u bytes behind the last header of each packet",
	      name(), is_cooked ? "cooked " : "", extra_bytes);
	close_capture(&capture, &reader);
}

struct cooked {
	uint8_t destination[6];
	uint16_t type;  /* as in the frame */
	uint16_t start; /* of the payload */
	uint16_t protocol;
	enum packet_type packet_type; /* of what comes in */
};

/*
 * BPF_PROG_TEST_RUN gives tc's frames to loopback, whose address is 00:00:00:00:00:00, and so is
 * its address for all: ff:ff:ff:ff:ff:ff is one more group there.
 */
static const struct cooked cooked[] = {
	{ { 0 }, 0x0800, 0x4500, 0x0800, PACKET_TYPE_HOST },
	{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 0x0806, 1, 0x0806, PACKET_TYPE_BROADCAST },
	{ { 0x01, 0x00, 0x5e, 0, 0, 1 }, 0x0800, 0x4500, 0x0800, PACKET_TYPE_MULTICAST },
	{ { 0 }, 0x8100, 5, 0x8100, PACKET_TYPE_HOST },
	{ { 0 }, 100, 0x4242, 4, PACKET_TYPE_HOST },
	{ { 0 }, 1500, 0xffff, 1, PACKET_TYPE_HOST },
	{ { 0 }, 1501, 0xffff, 1501, PACKET_TYPE_HOST },
};

static void build_cooked(const struct cooked *what, struct packet *packet)
{
	uint16_t type = htons(what->type), start = htons(what->start);

	*packet = (struct packet){ .length = 90 };
	for (uint32_t i = 0; i < packet->length; i++)
		packet->bytes[i] = (uint8_t)(i * 7 + 1);
	memcpy(packet->bytes, what->destination, sizeof(what->destination));
	memcpy(packet->bytes + 12, &type, sizeof(type));
	memcpy(packet->bytes + ETHERNET_BYTES, &start, sizeof(start));
}

static bool cooked_is_right(const struct ring_record *found, const struct cooked *what,
			    const struct packet *packet, enum direction direction)
{
	const struct capture_record *record = found->record;
	enum packet_type type =
		direction == DIRECTION_EGRESS ? PACKET_TYPE_OUTGOING : what->packet_type;

	if (direction == DIRECTION_EGRESS)
		type = PACKET_TYPE_OUTGOING;
	else if (type == PACKET_TYPE_BROADCAST && !hook_is_xdp(hook))
		type = PACKET_TYPE_MULTICAST;
	if (record->wire_bytes == packet->length - ETHERNET_BYTES &&
	    record->captured_bytes == record->wire_bytes &&
	    record->protocol == htons(what->protocol) && record->packet_type == type &&
	    record->link_address_bytes == LINK_ADDRESS_BYTES &&
	    !memcmp(record->link_address, packet->bytes + 6, LINK_ADDRESS_BYTES) &&
	    !memcmp(found->bytes, packet->bytes + ETHERNET_BYTES, record->captured_bytes))
		return true;
	printf("# type %#x: protocol %#x, packet type %u, %u of %u bytes\n", what->type,
	       ntohs(record->protocol), record->packet_type, record->captured_bytes,
	       record->wire_bytes);
	return false;
}

static void test_cooked(enum direction direction)
{
	const struct kernel_capture_options options = {
		.hook = hook,
		.expression = "",
		.copy_packets = true,
		.is_cooked = true,
	};
	struct ring_reader reader = { 0 };
	struct kernel_capture capture;
	struct ring_record found;
	struct packet packet;
	bool is_right = open_capture(&options, &capture, &reader);

	for (size_t i = 0; i < COUNT(cooked) && is_right; i++) {
		build_cooked(&cooked[i], &packet);
		is_right = run(&capture, &reader, direction, &packet, &found) &&
			   cooked_is_right(&found, &cooked[i], &packet, direction);
		ring_reader_take(&reader);
	}
	check(is_right,
	      "%s, %s: a cooked record says what the Ethernet header said, and begins behind it",
	      name(), direction == DIRECTION_EGRESS ? "out" : "in");
	close_capture(&capture, &reader);
}

/* The same packet without its Ethernet header, on a device that has none. */
static void test_bare_ip(bool is_cooked)
{
	static const struct layer lists[][3] = {
		{ { .kind = LAYER_IPV4 }, { .kind = LAYER_TCP, .source = 80 } },
		{ { .kind = LAYER_IPV6 }, { .kind = LAYER_UDP, .destination = 80 } },
	};
	const struct kernel_capture_options options = {
		.hook = hook,
		.link_layer = LINK_LAYER_IP,
		.expression = "port 80 and not ether[0] >= 0 and not ether broadcast",
		.copy_packets = true,
		.is_cooked = is_cooked,
	};
	struct ring_reader reader = { 0 };
	struct kernel_capture capture;
	struct ring_record found;
	struct packet packet;
	bool is_right = open_capture(&options, &capture, &reader);

	for (size_t i = 0; i < 2 * COUNT(lists) && is_right; i++) {
		bool is_ipv6 = i / 2;

		build(&packet, lists[i / 2], COUNT(lists[0]));
		packet.length -= ETHERNET_BYTES;
		memmove(packet.bytes, packet.bytes + ETHERNET_BYTES, packet.length);
		is_right = run(&capture, &reader, (enum direction)(i % 2), &packet, &found) &&
			   found.record->captured_bytes == packet.length &&
			   found.record->wire_bytes == packet.length &&
			   found.record->link_address_bytes == 0 &&
			   found.record->protocol ==
				   (is_cooked ? htons(is_ipv6 ? 0x86dd : 0x0800) : 0) &&
			   !memcmp(found.bytes, packet.bytes, packet.length);
		ring_reader_take(&reader);
	}
	check(is_right, "%s: packets that begin with their IP header are found and %s whole",
	      name(), is_cooked ? "cooked" : "copied");
	close_capture(&capture, &reader);
}

static void test_losses(void)
{
	const struct kernel_capture_options options = {
		.hook = hook,
		.expression = "",
		.copy_packets = true,
	};
	struct kernel_capture capture;
	struct cpu_counters sum;
	struct packet packet;
	bool is_right = !kernel_capture_open(&options, &capture) &&
			!loader_begin_losses(capture.loader, KERNEL_CAPTURE_IFINDEX) &&
			!loader_begin_losses(capture.loader, KERNEL_CAPTURE_IFINDEX + 1);

	traffic_packet(17, &packet);
	packet_pad(&packet, TEST_RUN_MAXIMUM_BYTES);
	for (unsigned int i = 0; i < 500 && is_right; i++)
		is_right = !kernel_capture_run(&capture, DIRECTION_INGRESS, &packet,
					       TEST_RUN_MAXIMUM_BYTES, NULL);
	/* Counting again from the start would forget. */
	is_right = is_right && !loader_begin_losses(capture.loader, KERNEL_CAPTURE_IFINDEX);
	if (is_right) {
		kernel_capture_sum(&capture, &sum);
		is_right = sum.frames[DIRECTION_INGRESS].lost_ring > 0 &&
			   loader_losses(capture.loader, KERNEL_CAPTURE_IFINDEX) ==
				   sum.frames[DIRECTION_INGRESS].lost_ring &&
			   loader_losses(capture.loader, KERNEL_CAPTURE_IFINDEX + 1) == 0;
	}
	check(is_right, "%s: what a full ring loses is counted for its interface", name());
	kernel_capture_close(&capture);
}

int main(void)
{
	if (!check(!kernel_capture_stay_on_cpu(0), "this process can stay on one CPU"))
		return check_finish();
	for (hook = HOOK_TC; hook <= HOOK_XDP_NATIVE; hook++) {
		test_headers(0, false);
		test_headers(5, false);
		test_headers(0, true);
		test_headers(1000, true);
		test_cooked(DIRECTION_INGRESS);
		test_losses();
	}
	hook = HOOK_TC;
	test_cooked(DIRECTION_EGRESS);
	test_bare_ip(false);
	test_bare_ip(true);
	return check_finish();
}
