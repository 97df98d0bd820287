/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are compressed while they are written: members of gzip, whatever happens. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <zlib.h>

#include "../../user/compressor.h"
#include "../../user/interface_table.h"
#include "capture_file.h"

#define MIB (1u << 20)

static struct compressor *compressor;
static uint8_t compressed[16 * MIB];
static uint8_t contents[24 * MIB];
static uint8_t noise[4 * MIB];

/* Bytes that gzip makes no smaller. */
static void fill_noise(void)
{
	uint64_t state = 0x9e3779b97f4a7c15;

	for (size_t i = 0; i < sizeof(noise); i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		noise[i] = (uint8_t)(state >> 24);
	}
}

/*
 * Takes members of gzip apart; returns how many there are, -1 where the bytes do not end with
 * one.
 */
static int expand(const uint8_t *bytes, size_t size, uint8_t *ret_contents, size_t *ret_size)
{
	z_stream stream = { .next_in = (Bytef *)bytes, .avail_in = (uInt)size };
	int members = 0;

	*ret_size = 0;
	while (stream.avail_in) {
		if (inflateInit2(&stream, 15 + 16) != Z_OK)
			exit(1);
		stream.next_out = ret_contents + *ret_size;
		stream.avail_out = (uInt)(sizeof(contents) - *ret_size);
		if (inflate(&stream, Z_FINISH) != Z_STREAM_END)
			members = -1;
		*ret_size += stream.total_out;
		inflateEnd(&stream);
		if (members < 0)
			return -1;
		members++;
	}
	return members;
}

/* The members of a file, their contents in contents. */
static int expand_file(int fd, size_t *ret_size)
{
	ssize_t size = pread(fd, compressed, sizeof(compressed), 0);

	return expand(compressed, size > 0 ? (size_t)size : 0, contents, ret_size);
}

/* Packets of a compressed file, -1 if it or what is in it is broken. */
static int count_compressed(int fd)
{
	int plain = open_file(), count;
	size_t size;

	if (expand_file(fd, &size) < 0 || write(plain, contents, size) != (ssize_t)size)
		return -1;
	count = count_packets(plain);
	close(plain);
	return count;
}

static const struct {
	const char *what;
	const uint8_t *bytes;
	size_t size;
} pieces[] = {
	{ "one byte", pattern, 1 },
	{ "a small piece", pattern, 100 },
	{ "a piece that is much the same", pattern, LARGEST },
	{ "a chunk of noise", noise, MIB },
	{ "a byte of noise", noise, 1 },
};

static void test_compressor(void)
{
	struct compressor_job jobs[LENGTH(pieces)] = {};
	size_t size;

	for (size_t i = 0; i < LENGTH(pieces); i++) {
		jobs[i].input = pieces[i].bytes;
		jobs[i].input_bytes = pieces[i].size;
		jobs[i].output = malloc(compressor_bound(pieces[i].size));
		compressor_submit(compressor, &jobs[i]);
	}
	for (size_t i = 0; i < LENGTH(pieces); i++) {
		compressor_wait(compressor, &jobs[i]);
		check(expand(jobs[i].output, jobs[i].output_bytes, contents, &size) == 1 &&
			      size == pieces[i].size && !memcmp(contents, pieces[i].bytes, size),
		      "%s becomes one member", pieces[i].what);
		free(jobs[i].output);
	}
}

static struct capture_file_options gz_options(void)
{
	struct capture_file_options options = ethernet_micro;

	options.compressor = compressor;
	return options;
}

static struct capture_file *open_compressed(int fd)
{
	struct capture_file_options options = gz_options();

	return open_writer(fd, &options);
}

/* Packet number i: every other one is noise. */
static struct capture_file_packet some_packet(size_t i, uint32_t size)
{
	struct capture_file_packet packet = make_packet(i, size, size);

	if (i % 2)
		packet.bytes = noise + i * 1009 % (3 * MIB);
	return packet;
}

static int write_some(struct capture_file *file, size_t first, size_t count, uint32_t size)
{
	int error = 0;

	for (size_t i = first; !error && i < first + count; i++) {
		struct capture_file_packet packet = some_packet(i, size);

		error = capture_file_write(file, &packet);
	}
	return error;
}

static void test_same_as_plain(uint32_t size, size_t count)
{
	int fd = open_file(), plain_fd = open_file();
	struct capture_file *file = open_compressed(fd);
	struct capture_file *plain = open_writer(plain_fd, &ethernet_micro);
	static uint8_t plain_bytes[sizeof(contents)];
	size_t expanded, plain_size;

	write_some(file, 0, count, size);
	write_some(plain, 0, count, size);
	check(!capture_file_close(file) && !capture_file_close(plain),
	      "a file of %zu packets of %u bytes closes", count, size);
	plain_size = (size_t)pread(plain_fd, plain_bytes, sizeof(plain_bytes), 0);
	check(expand_file(fd, &expanded) > 1 && expanded == plain_size &&
		      !memcmp(contents, plain_bytes, plain_size),
	      "%zu packets of %u bytes are the same, compressed and not", count, size);
	check_note("%zu and %zu bytes", expanded, plain_size);
	close(fd);
	close(plain_fd);
}

static void test_flush(void)
{
	int fd = open_file();
	struct capture_file *file = open_compressed(fd);
	const struct capture_file_progress *progress = capture_file_progress(file);
	uint64_t header_bytes = file_bytes(fd), before;
	unsigned int right = 0;

	check(count_compressed(fd) == 0 && progress->flushed_bytes == header_bytes,
	      "an opened file is a member with the header");
	for (unsigned int i = 1; i <= 50; i++) {
		before = file_bytes(fd);
		write_some(file, i, 1, 10 * i);
		right += progress->pending_packets == 1 && file_bytes(fd) == before &&
			 !capture_file_flush(file) && count_compressed(fd) == (int)i &&
			 progress->flushed_packets == i && progress->pending_packets == 0 &&
			 progress->pending_bytes == 0 && progress->flushed_bytes == file_bytes(fd);
	}
	check(right == 50, "after each flush all is in the file, and the file is whole");
	before = file_bytes(fd);
	check(!capture_file_flush(file) && file_bytes(fd) == before,
	      "a flush of nothing makes no member");
	capture_file_close(file);
	close(fd);
}

/* The disk is full: so many bytes behind what was flushed. */
static void test_full(rlim_t room, bool is_in_flush)
{
	const char *how = is_in_flush ? "in a flush" : "between flushes";
	int fd = open_file(), error;
	struct capture_file *file = open_compressed(fd);
	const struct capture_file_progress *progress = capture_file_progress(file);
	uint64_t flushed, before;

	write_some(file, 0, 100, 1000);
	capture_file_flush(file);
	before = file_bytes(fd);
	limit_files(before + room);
	error = write_some(file, 0, is_in_flush ? 100 : 20000, 1000);
	if (!error)
		error = capture_file_flush(file);
	unlimit_files();
	flushed = progress->flushed_packets;
	check(error == -EFBIG && flushed >= 100 && file_bytes(fd) == progress->flushed_bytes &&
		      count_compressed(fd) == (int)flushed,
	      "a file that is full %s, %u bytes behind, is cut to its last whole member", how,
	      (unsigned int)room);
	check_note("error %d, %" PRIu64 " packets, %" PRIu64 " of %" PRIu64 " bytes", error,
		   flushed, file_bytes(fd), progress->flushed_bytes);
	check(!is_in_flush || progress->pending_packets == 100, "the rest is pending");
	check(capture_file_flush(file) < 0 && capture_file_is_ready(file),
	      "nothing is waited for behind an error");
	check(!capture_file_resume(file) && progress->pending_packets == 0 &&
		      !write_some(file, 7, 3000, 1000) && !capture_file_close(file),
	      "it takes packets again");
	check(count_compressed(fd) == (int)flushed + 3000, "all of them are in the file");
	close(fd);
}

/* A packet that would have to wait is not pushed on anyone. */
static void test_ready(void)
{
	int fd = open_file();
	struct capture_file *file = open_compressed(fd);
	unsigned int held_up = 0, patience = 60000;
	uint64_t pending = 0;
	struct capture_file_packet packet;

	for (size_t i = 0; i < 400 && patience; i++) {
		while (!capture_file_is_ready(file) && patience--) {
			held_up++;
			poll(NULL, 0, 1);
		}
		packet = make_packet(i, 60000, 60000);
		packet.bytes = noise + i * 10000 % (3 * MIB);
		capture_file_write(file, &packet);
		if (capture_file_progress(file)->pending_bytes > pending)
			pending = capture_file_progress(file)->pending_bytes;
	}
	check(patience > 0, "a file becomes ready again");
	check(pending <= 4 * MIB, "no more than four chunks wait");
	check_note("%" PRIu64, pending);
	check(!capture_file_close(file), "it closes");
	check_note("held up %u times", held_up);
	close(fd);
	fd = open_file();
	file = open_writer(fd, &ethernet_micro);
	write_some(file, 0, 10, 100000);
	check(capture_file_is_ready(file), "a file without compression is always ready");
	capture_file_close(file);
	close(fd);
}

/* -C: how large the file will be, while most of it waits to be compressed. */
static void test_size(void)
{
	struct capture_file_options options = gz_options();
	struct compressor *fresh = NULL;
	struct capture_file *file;
	struct error why;
	uint64_t expected;
	int fd;

	if (compressor_start(&fresh, &why))
		exit(1);
	options.compressor = fresh;
	for (int round = 0; round < 2; round++) {
		fd = open_file();
		file = open_writer(fd, &options);
		check(!round || capture_file_bytes(file) == file_bytes(fd),
		      "an opened file is as large as its head");
		write_some(file, 0, 2000, 1000);
		expected = capture_file_bytes(file);
		capture_file_close(file);
		if (round)
			check(expected > file_bytes(fd) * 9 / 10 &&
				      expected < file_bytes(fd) * 11 / 10,
			      "a file will be as large as it was the time before");
		check_note("expected %" PRIu64 ", it has %" PRIu64, expected, file_bytes(fd));
		close(fd);
	}
	compressor_stop(fresh);
}

/* As after a pause at its end: what waits is given up, in whatever chunk it is. */
static void test_resume_without_error(void)
{
	int fd = open_file();
	struct capture_file *file = open_compressed(fd);
	const struct capture_file_progress *progress = capture_file_progress(file);
	uint64_t flushed;

	write_some(file, 0, 3000, 1000);
	flushed = progress->flushed_packets;
	check(flushed + progress->pending_packets == 3000, "packets are in the file or wait");
	check(!capture_file_resume(file) && progress->pending_packets == 0 &&
		      !capture_file_close(file) && count_compressed(fd) == (int)flushed,
	      "what waits can be given up");
	close(fd);
}

static void test_pcapng(void)
{
	struct interface_table *table = interface_table_new();
	const struct interface interface = { .name = "eth0", .ifindex = 7, .hardware_type = 1 };
	struct capture_file_options options = gz_options();
	int fd = open_file();
	struct capture_file *file;
	size_t size;

	options.is_pcapng = true;
	options.interfaces = table;
	interface_table_add(table, &interface);
	file = open_writer(fd, &options);
	limit_files(file_bytes(fd) + 10);
	/* This interface is described with its first packet. */
	write_some(file, 0, 10, 1000);
	check(capture_file_flush(file) == -EFBIG && !capture_file_resume(file),
	      "a compressed pcapng file can be full");
	unlimit_files();
	write_some(file, 0, 20, 1000);
	check(!capture_file_close(file) && count_compressed(fd) == 20,
	      "what a cut took with it is described again");
	expand_file(fd, &size);
	/* The last statistics: of the interface without a name; section 4.6 of the draft. */
	check(contents[size - 32] == 4 && contents[size - 28] == 30 && contents[size - 20] == 5 &&
		      contents[size - 16] == 10,
	      "what the cut took is dropped in its statistics");
	interface_table_free(table);
	close(fd);
}

static const struct {
	const char *name;
	enum file_format format;
	bool is_pcapng, is_compressed;
} names[] = {
	{ "a.pcap", FILE_FORMAT_BY_NAME, false, false },
	{ "a.pcapng", FILE_FORMAT_BY_NAME, true, false },
	{ "a.pcap.gz", FILE_FORMAT_BY_NAME, false, true },
	{ "a.pcapng.gz", FILE_FORMAT_BY_NAME, true, true },
	{ "a.gz", FILE_FORMAT_BY_NAME, false, true },
	{ "gz", FILE_FORMAT_BY_NAME, false, false },
	{ "pcapng", FILE_FORMAT_BY_NAME, false, false },
	{ "-", FILE_FORMAT_BY_NAME, false, false },
	{ "a.pcapng.x", FILE_FORMAT_BY_NAME, false, false },
	{ "a.pcapng", FILE_FORMAT_PCAP, false, false },
	{ "a.pcap.gz", FILE_FORMAT_PCAPNG, true, true },
	{ "-", FILE_FORMAT_PCAPNG, true, false },
};

static void test_name(size_t row)
{
	check(capture_file_is_pcapng(names[row].name, names[row].format) == names[row].is_pcapng &&
		      capture_file_is_compressed(names[row].name) == names[row].is_compressed,
	      "'%s', with --format %d, is %s%s", names[row].name, names[row].format,
	      names[row].is_pcapng ? "pcapng" : "pcap",
	      names[row].is_compressed ? ", compressed" : "");
}

int main(void)
{
	struct error why;

	signal(SIGXFSZ, SIG_IGN);
	fill_pattern();
	fill_noise();
	for (size_t i = 0; i < LENGTH(names); i++)
		test_name(i);
	if (compressor_start(&compressor, &why)) {
		fprintf(stderr, "%s\n", why.message);
		return 1;
	}
	test_compressor();
	test_same_as_plain(60, 40000);
	test_same_as_plain(1000, 10000);
	test_same_as_plain(LARGEST, 30);
	test_flush();
	test_full(0, true);
	test_full(1, true);
	test_full(5000, true);
	test_full(3 * MIB, false);
	test_full(9 * MIB, false);
	test_ready();
	test_size();
	test_resume_without_error();
	test_pcapng();
	compressor_stop(compressor);
	compressor_stop(NULL);
	return check_finish();
}
