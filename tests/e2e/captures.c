/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions about capture files, for scripts; exit status 0 is "yes", and what is found goes to
 * stdout.
 *
 * captures count FILE: the packets in it; status 1 where it is not a valid file to its end.
 * captures equal A B: the same link type and the same packets, in any order: bytes, wire length,
 * and the time to 5 s.
 * captures streams A B: the same bytes, of at least one byte, in each TCP connection.
 * captures link-type FILE: its number.
 * captures sum FILE: "PACKETS WIRE-BYTES LONGEST-WIRE LONGEST-CAPTURED".
 * captures order FILE: the packets that stand behind a younger one.
 * captures rising FILE: each datagram (of traffic's verb udp, IPv4) has a larger number than the
 * one before; the largest number that is left out before another, and the last.
 * captures numbers FILE: "NUMBER SECONDS" of each such datagram, the number and the time.
 * captures cached FILE: bytes of it in the page cache.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CLOCKS_AGREE_SECONDS 5

struct packet {
	uint32_t wire_bytes, captured_bytes;
	int64_t seconds;
	int32_t fraction_ns;
	unsigned char *bytes;
};

struct capture {
	struct packet *packets;
	size_t count;
	bool complete;
	int snapshot_bytes, link_type;
};

static struct capture read_capture(const char *name)
{
	char reason[PCAP_ERRBUF_SIZE];
	struct capture capture = { 0 };
	pcap_t *file = pcap_open_offline_with_tstamp_precision(
		name, PCAP_TSTAMP_PRECISION_NANO, reason);
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	size_t room = 0;
	int result;

	if (!file) {
		printf("%s: %s\n", name, reason);
		return capture;
	}
	capture.snapshot_bytes = pcap_snapshot(file);
	capture.link_type = pcap_datalink(file);
	while ((result = pcap_next_ex(file, &header, &bytes)) == 1) {
		struct packet *packet;

		if (capture.count == room) {
			room = room ? room * 2 : 1024;
			capture.packets = reallocarray(capture.packets, room, sizeof(*packet));
			if (!capture.packets)
				exit(2);
		}
		packet = &capture.packets[capture.count++];
		*packet = (struct packet){ header->len, header->caplen, header->ts.tv_sec,
					   header->ts.tv_usec, malloc(header->caplen + 1) };
		if (!packet->bytes)
			exit(2);
		memcpy(packet->bytes, bytes, header->caplen);
	}
	capture.complete = result == PCAP_ERROR_BREAK;
	if (!capture.complete)
		printf("%s: %s\n", name, pcap_geterr(file));
	pcap_close(file);
	return capture;
}

static int compare_packets(const void *left, const void *right)
{
	const struct packet *a = left, *b = right;
	uint32_t common = a->captured_bytes < b->captured_bytes ? a->captured_bytes : b->captured_bytes;
	int order = memcmp(a->bytes, b->bytes, common);

	if (order)
		return order;
	if (a->captured_bytes != b->captured_bytes)
		return a->captured_bytes < b->captured_bytes ? -1 : 1;
	if (a->wire_bytes != b->wire_bytes)
		return a->wire_bytes < b->wire_bytes ? -1 : 1;
	return 0;
}

static void print_packet(const char *name, const struct packet *packet)
{
	uint32_t i;

	printf("%s: wire %u captured %u:", name, packet->wire_bytes, packet->captured_bytes);
	for (i = 0; i < packet->captured_bytes && i < 80; i++)
		printf(" %02x", packet->bytes[i]);
	printf("\n");
}

static bool are_equal(struct capture *a, struct capture *b, char **names)
{
	size_t i, least = a->count < b->count ? a->count : b->count;
	bool first_has_more = a->count > b->count;

	if (a->link_type != b->link_type) {
		printf("link type %d and %d\n", a->link_type, b->link_type);
		return false;
	}
	qsort(a->packets, a->count, sizeof(*a->packets), compare_packets);
	qsort(b->packets, b->count, sizeof(*b->packets), compare_packets);
	if (a->count != b->count)
		printf("%s has %zu packets, %s has %zu\n", names[0], a->count, names[1], b->count);
	for (i = 0; i < least; i++) {
		if (compare_packets(&a->packets[i], &b->packets[i])) {
			printf("the first difference, in the order of the bytes:\n");
			print_packet(names[0], &a->packets[i]);
			print_packet(names[1], &b->packets[i]);
			return false;
		}
		if (llabs(a->packets[i].seconds - b->packets[i].seconds) > CLOCKS_AGREE_SECONDS) {
			printf("the clocks differ: %" PRId64 " and %" PRId64 " s\n",
			       a->packets[i].seconds, b->packets[i].seconds);
			return false;
		}
	}
	if (a->count != b->count) {
		printf("beyond that only one has:\n");
		print_packet(names[!first_has_more], &(first_has_more ? a : b)->packets[least]);
	}
	return a->count == b->count;
}

/* One direction of a TCP connection: addresses and ports as they stand in the packet. */
struct stream {
	unsigned char key[37];
	uint32_t first;		/* sequence number of the first byte */
	bool begun;
	unsigned char *bytes;
	size_t length;
};

struct streams {
	struct stream *all;
	size_t count;
};

static uint32_t read_u32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static struct stream *find_stream(struct streams *streams, const unsigned char *key)
{
	size_t i;

	for (i = 0; i < streams->count; i++)
		if (!memcmp(streams->all[i].key, key, sizeof(streams->all[i].key)))
			return &streams->all[i];
	streams->all = reallocarray(streams->all, streams->count + 1, sizeof(*streams->all));
	if (!streams->all)
		exit(2);
	streams->all[i] = (struct stream){ 0 };
	memcpy(streams->all[i].key, key, sizeof(streams->all[i].key));
	return &streams->all[streams->count++];
}

static void add_bytes(struct stream *stream, uint32_t sequence, bool syn, const unsigned char *bytes,
		      size_t length)
{
	size_t place;

	if (syn)
		sequence++;
	if (!stream->begun) {
		stream->begun = true;
		stream->first = sequence;
	}
	place = (uint32_t)(sequence - stream->first);
	if (!length || place > 1u << 30)	/* or a keep-alive before the beginning */
		return;
	if (place + length > stream->length) {
		stream->bytes = realloc(stream->bytes, place + length);
		if (!stream->bytes)
			exit(2);
		memset(stream->bytes + stream->length, 0, place + length - stream->length);
		stream->length = place + length;
	}
	memcpy(stream->bytes + place, bytes, length);
}

/* Bytes in front of the IP header: of the link layer, and of VLAN tags (IEEE 802.1Q). */
static size_t link_header_bytes(int link_type, const struct packet *packet)
{
	const bool cooked = link_type == DLT_LINUX_SLL2;
	size_t end = cooked ? 20 : 14, type = cooked ? 0 : 12;

	if (link_type == DLT_RAW)
		return 0;
	while (end + 4 <= packet->captured_bytes &&
	       ((packet->bytes[type] == 0x81 && packet->bytes[type + 1] == 0) ||
		(packet->bytes[type] == 0x88 && packet->bytes[type + 1] == 0xa8))) {
		type = end + 2;
		end += 4;
	}
	return end;
}

/* Plain IPv4 or IPv6, as the tests send it (RFC 791, 8200, 9293). */
static void add_segment(struct streams *streams, int link_type, const struct packet *packet)
{
	const size_t link_bytes = link_header_bytes(link_type, packet);
	const unsigned char *ip = packet->bytes + link_bytes, *tcp;
	size_t left = packet->captured_bytes, total, header;
	unsigned char key[37] = { 0 };
	bool v6;

	if (left < link_bytes + 40)
		return;
	left -= link_bytes;
	v6 = ip[0] >> 4 == 6;
	if ((v6 ? ip[6] : ip[9]) != 6)
		return;
	header = v6 ? 40 : (ip[0] & 15) * 4;
	total = v6 ? 40 + (ip[4] << 8 | ip[5]) : (ip[2] << 8 | ip[3]);
	if (total > 40 && total < left)		/* padding; an aggregate may say 0 */
		left = total;
	if (left < header + 20)
		return;
	tcp = ip + header;
	key[0] = ip[0] >> 4;
	memcpy(key + 1, v6 ? ip + 8 : ip + 12, v6 ? 32 : 8);
	memcpy(key + 33, tcp, 4);
	header += (tcp[12] >> 4) * 4;
	if (header > left)
		return;
	add_bytes(find_stream(streams, key), read_u32(tcp + 4), tcp[13] & 2, ip + header, left - header);
}

static struct streams find_streams(const struct capture *capture)
{
	struct streams streams = { 0 };
	size_t i;

	for (i = 0; i < capture->count; i++)
		add_segment(&streams, capture->link_type, &capture->packets[i]);
	return streams;
}

static bool have_same_streams(const struct capture *a, const struct capture *b)
{
	struct streams left = find_streams(a), right = find_streams(b);
	size_t i, bytes = 0;

	if (left.count != right.count) {
		printf("%zu streams and %zu\n", left.count, right.count);
		return false;
	}
	for (i = 0; i < left.count; i++) {
		const struct stream *one = &left.all[i], *other = find_stream(&right, one->key);

		bytes += one->length;
		if (one->length != other->length || memcmp(one->bytes, other->bytes, one->length)) {
			printf("a stream of %zu bytes is %zu bytes, or others\n", one->length, other->length);
			return false;
		}
	}
	printf("%zu streams, %zu bytes\n", left.count, bytes);
	return bytes > 0;
}

static bool sum_up(const struct capture *capture)
{
	uint32_t longest_wire = 0, longest_captured = 0;
	uint64_t wire = 0;
	size_t i;

	for (i = 0; i < capture->count; i++) {
		const struct packet *packet = &capture->packets[i];

		wire += packet->wire_bytes;
		if (packet->wire_bytes > longest_wire)
			longest_wire = packet->wire_bytes;
		if (packet->captured_bytes > longest_captured)
			longest_captured = packet->captured_bytes;
	}
	printf("%zu %" PRIu64 " %u %u\n", capture->count, wire, longest_wire, longest_captured);
	return true;
}

static size_t count_disordered(const struct capture *capture)
{
	int64_t time_ns, youngest_ns = 0;
	size_t i, count = 0;

	for (i = 0; i < capture->count; i++) {
		time_ns = capture->packets[i].seconds * 1000000000 + capture->packets[i].fraction_ns;
		if (time_ns < youngest_ns)
			count++;
		else
			youngest_ns = time_ns;
	}
	return count;
}

static bool is_rising(const struct capture *capture)
{
	const size_t place = 14 + 20 + 8;
	int64_t number, last = -1, hole = -1;
	size_t i;

	for (i = 0; i < capture->count; i++) {
		if (capture->packets[i].captured_bytes < place + 4)
			return false;
		number = read_u32(capture->packets[i].bytes + place);
		if (number <= last) {
			printf("packet %zu: %" PRId64 " behind %" PRId64 "\n", i + 1, number, last);
			return false;
		}
		if (number > last + 1)
			hole = number - 1;
		last = number;
	}
	printf("%" PRId64 " %" PRId64 "\n", hole, last);
	return true;
}

static bool print_numbers(const struct capture *capture)
{
	const size_t place = 14 + 20 + 8;
	size_t i;

	for (i = 0; i < capture->count; i++) {
		if (capture->packets[i].captured_bytes < place + 4)
			return false;
		printf("%u %" PRId64 "\n", read_u32(capture->packets[i].bytes + place),
		       capture->packets[i].seconds);
	}
	return true;
}

static int print_cached(const char *name)
{
	long page_bytes = sysconf(_SC_PAGESIZE);
	int fd = open(name, O_RDONLY);
	unsigned char *pages = NULL;
	size_t i, count, cached = 0;
	struct stat status;
	void *memory;

	if (fd < 0 || fstat(fd, &status) || !status.st_size)
		return 2;
	count = (status.st_size + page_bytes - 1) / page_bytes;
	memory = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, fd, 0);
	pages = malloc(count);
	if (memory == MAP_FAILED || !pages || mincore(memory, status.st_size, pages))
		return 2;
	for (i = 0; i < count; i++)
		cached += pages[i] & 1;
	printf("%zu\n", cached * page_bytes);
	return 0;
}

int main(int argc, char **argv)
{
	struct capture a, b = { .complete = true };
	bool yes;

	if (argc < 3) {
		fprintf(stderr, "usage: captures count|link-type|sum|order|rising|numbers|cached FILE, "
				"captures equal|streams A B\n");
		return 2;
	}
	if (!strcmp(argv[1], "cached"))
		return print_cached(argv[2]);
	a = read_capture(argv[2]);
	if (argc > 3)
		b = read_capture(argv[3]);
	if (!strcmp(argv[1], "count"))
		yes = printf("%zu\n", a.count) > 0;
	else if (!strcmp(argv[1], "link-type"))
		yes = printf("%d\n", a.link_type) > 0;
	else if (!strcmp(argv[1], "sum"))
		yes = sum_up(&a);
	else if (!strcmp(argv[1], "order"))
		yes = printf("%zu\n", count_disordered(&a)) > 0;
	else if (!strcmp(argv[1], "rising"))
		yes = is_rising(&a);
	else if (!strcmp(argv[1], "numbers"))
		yes = print_numbers(&a);
	else if (argc > 3 && !strcmp(argv[1], "equal"))
		yes = are_equal(&a, &b, argv + 2);
	else
		yes = argc > 3 && have_same_streams(&a, &b);
	return !(yes && a.complete && b.complete);
}
