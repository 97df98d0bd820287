/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that libpcap reads back: header, packets, and when they are in the file. */
#include <inttypes.h>

#include "capture_file.h"

/* Link types: libpcap's number (DLT_), and the file's, which may be another (LINKTYPE_). */
static const struct {
	enum link_type link_type;
	uint32_t snapshot_bytes;
	bool nanoseconds;
	uint32_t file_type;
} headers[] = {
	{ LINK_TYPE_ETHERNET, 262144, false, 1 },   { LINK_TYPE_ETHERNET, 262144, true, 1 },
	{ LINK_TYPE_ETHERNET, 96, false, 1 },       { LINK_TYPE_ETHERNET, 1, true, 1 },
	{ LINK_TYPE_LINUX_SLL2, 1500, false, 276 }, { LINK_TYPE_RAW, 1500, false, 101 },
};

static void test_header(size_t i)
{
	const struct capture_file_options options = {
		.link_type = headers[i].link_type,
		.snapshot_bytes = headers[i].snapshot_bytes,
		.nanoseconds = headers[i].nanoseconds,
	};
	uint32_t words[6] = {}, magic = options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
	struct capture_file *writer = NULL;
	struct error error = {};
	int fd = open_file(), result;
	pcap_t *capture;

	result = capture_file_open(dup(fd), &options, &writer, &error);
	check(!result && pread(fd, words, sizeof(words), 0) == sizeof(words) && words[0] == magic &&
		      words[4] == options.snapshot_bytes && words[5] == headers[i].file_type &&
		      file_bytes(fd) == sizeof(words),
	      "an opened file has a header: link type %u, snapshot length %u, %s",
	      headers[i].file_type, options.snapshot_bytes,
	      options.nanoseconds ? "nanoseconds" : "microseconds");
	check_note("result %d (%s), magic 0x%x, snapshot length %u, link type %u", result,
		   error.message, words[0], words[4], words[5]);
	check(capture_file_close(writer) == 0, "a file without packets closes without an error");
	capture = open_capture(fd);
	check(capture && pcap_datalink(capture) == (int)options.link_type &&
		      pcap_snapshot(capture) == (int)options.snapshot_bytes,
	      "libpcap reads link type %d and snapshot length %u", options.link_type,
	      options.snapshot_bytes);
	if (capture)
		pcap_close(capture);
	close(fd);
}

static const struct {
	uint32_t wire;
	uint32_t captured;
	int64_t time_ns;
} packets[] = {
	{ 1, 1, 0 },
	{ 2, 2, 1 },
	{ 14, 14, 999 },
	{ 60, 60, 1000 },
	{ 64, 64, 999999999 },
	{ 1514, 96, 1000000000 },
	{ 1514, 1514, 1700000000000001001 },
	{ 9014, 1, 1700000000999999999 },
	{ 65535, 65535, 2147483647999999999 },
	{ 65536, 65536, 2147483648000000000 },
	{ 262143, 262143, 4294967295000000000 },
	{ 262144, 262144, 4294967295999999999 },
	{ 4294967295, 262144, 1700000000000000002 },
	{ 262144, 262144, 1700000000000000003 },
	{ 262144, 262144, 1700000000000000004 },
	{ 60, 60, 1700000000000000000 },
};

static void write_table(struct capture_file *writer)
{
	for (size_t i = 0; i < LENGTH(packets); i++) {
		struct capture_file_packet packet =
			make_packet(i, packets[i].wire, packets[i].captured);

		packet.time_ns = packets[i].time_ns;
		check(capture_file_write(writer, &packet) == 0,
		      "a packet of %u of %u bytes is taken", packets[i].captured, packets[i].wire);
	}
}

static void test_packets(bool nanoseconds)
{
	const struct capture_file_options options = {
		.link_type = LINK_TYPE_ETHERNET,
		.snapshot_bytes = LARGEST,
		.nanoseconds = nanoseconds,
	};
	const char *unit = nanoseconds ? "nanoseconds" : "microseconds";
	int fd = open_file();
	struct capture_file *writer = open_writer(fd, &options);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	pcap_t *capture;

	write_table(writer);
	check(capture_file_close(writer) == 0, "a file in %s closes without an error", unit);
	capture = open_capture(fd);
	for (size_t i = 0; capture && i < LENGTH(packets); i++) {
		int64_t ns = nanoseconds ? packets[i].time_ns : packets[i].time_ns / 1000 * 1000;
		bool is_read = pcap_next_ex(capture, &header, &bytes) == 1;

		check(is_read && header->len == packets[i].wire &&
			      header->caplen == packets[i].captured &&
			      !memcmp(bytes, pattern + i, packets[i].captured),
		      "libpcap reads %u of %u bytes as they were", packets[i].captured,
		      packets[i].wire);
		/* Seconds are 32 bits in the file, and signed for some of its readers. */
		check(is_read && (uint32_t)header->ts.tv_sec == ns / 1000000000 &&
			      header->ts.tv_usec == ns % 1000000000,
		      "the time %" PRId64 " ns is %" PRId64 " in a file in %s", packets[i].time_ns,
		      ns, unit);
	}
	check(capture && pcap_next_ex(capture, &header, &bytes) == PCAP_ERROR_BREAK,
	      "a file in %s ends behind its last packet", unit);
	if (capture)
		pcap_close(capture);
	close(fd);
}

/* Sizes that fill the buffer just so, overflow it by one, and mix. */
static const struct {
	const char *name;
	uint32_t sizes[4];
	unsigned int count;
} fillings[] = {
	{ "packets that fill the buffer to the last byte", { 262128, 262128, 262128, 262128 }, 12 },
	{ "packets that are a byte too much", { 262128, 262128, 262128, 262129 }, 12 },
	{ "packets that leave a byte", { 262128, 262128, 262128, 262127 }, 12 },
	{ "largest packets", { 262144, 262144, 262144, 262144 }, 9 },
	{ "small and large packets", { 1, 262144, 60, 100000 }, 100 },
	{ "small packets", { 60, 61, 62, 63 }, 40000 },
};

/* Without a word, the file may grow by whole packets only, and by what the progress says. */
static void test_filling(size_t row)
{
	int fd = open_file();
	struct capture_file *writer = open_writer(fd, &ethernet_micro);
	const struct capture_file_progress *progress = capture_file_progress(writer);
	uint64_t end = FILE_HEADER_BYTES, flushed_end = end, flushed = 0;
	unsigned int unlike = 0, growths = 0;

	for (unsigned int i = 0; i < fillings[row].count; i++) {
		uint32_t size = fillings[row].sizes[i % 4];
		struct capture_file_packet packet = make_packet(i, size, size);

		if (capture_file_write(writer, &packet))
			break;
		/* The packet itself waits in the buffer always. */
		if (progress->flushed_packets != flushed) {
			flushed = i;
			flushed_end = end;
			growths++;
		}
		end += PACKET_HEADER_BYTES + size;
		unlike += file_bytes(fd) != flushed_end || progress->flushed_bytes != flushed_end ||
			  progress->flushed_packets != flushed ||
			  progress->pending_packets != i + 1 - flushed;
	}
	check(unlike == 0 && growths > 0, "the file grows by whole packets: %s",
	      fillings[row].name);
	check_note("after %u packets it was different; it grew %u times", unlike, growths);
	check(!capture_file_flush(writer) && file_bytes(fd) == end &&
		      progress->flushed_packets == fillings[row].count &&
		      progress->pending_packets == 0,
	      "a flush writes all: %s", fillings[row].name);
	check(!capture_file_close(writer) && count_packets(fd) == (int)fillings[row].count,
	      "libpcap reads all: %s", fillings[row].name);
	close(fd);
}

static void test_flush(void)
{
	int fd = open_file(), right = 0;
	struct capture_file *writer = open_writer(fd, &ethernet_micro);
	uint64_t end = FILE_HEADER_BYTES;

	check(!capture_file_flush(writer) && file_bytes(fd) == FILE_HEADER_BYTES,
	      "a flush without packets writes nothing");
	for (uint32_t i = 1; i <= 200; i++) {
		struct capture_file_packet packet = make_packet(i, 7 * i, 7 * i);

		end += PACKET_HEADER_BYTES + 7 * i;
		right += !capture_file_write(writer, &packet) && !capture_file_flush(writer) &&
			 file_bytes(fd) == end &&
			 capture_file_progress(writer)->flushed_bytes == end &&
			 count_packets(fd) == (int)i && lseek(fd, 0, SEEK_END) == (off_t)end;
	}
	check(right == 200, "libpcap reads the file after every flush");
	check_note("after %d of 200", right);
	capture_file_close(writer);
	close(fd);
}

static void test_close(void)
{
	struct capture_file *writer = NULL;
	struct capture_file_packet packet = make_packet(3, 60, 60);
	struct error error;
	int fd = open_file(), copy = dup(fd);

	check(capture_file_close(NULL) == 0, "no writer can be closed");
	check(!capture_file_open(copy, &ethernet_micro, &writer, &error) && is_open(copy),
	      "a writer keeps its descriptor open");
	capture_file_write(writer, &packet);
	check(file_bytes(fd) == FILE_HEADER_BYTES, "a packet waits in the buffer");
	check(!capture_file_close(writer) && count_packets(fd) == 1, "closing flushes");
	check(!is_open(copy), "closing closes the descriptor");
	close(fd);
}

int main(void)
{
	fill_pattern();
	for (size_t i = 0; i < LENGTH(headers); i++)
		test_header(i);
	test_packets(false);
	test_packets(true);
	for (size_t i = 0; i < LENGTH(fillings); i++)
		test_filling(i);
	test_flush();
	test_close();
	return check_finish();
}
