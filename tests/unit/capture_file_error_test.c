/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files whose writing fails: they end between two packets, the progress says which, and where
 * there is room again they are written on.
 */
#include <inttypes.h>
#include <signal.h>
#include <sys/syscall.h>

#include "capture_file.h"

/* Packets of 1000 bytes, flushed in tens, into a file that may have so many bytes. */
#define STEP (10 * (PACKET_HEADER_BYTES + 1000))
static const struct {
	const char *where;
	rlim_t limit;
	unsigned int kept; /* packets that arrived as a whole */
} limits[] = {
	{ "inside the first packet's header", FILE_HEADER_BYTES + 3, 0 },
	{ "between file header and first packet", FILE_HEADER_BYTES, 0 },
	{ "inside a packet's header", FILE_HEADER_BYTES + 2 * STEP + 7, 20 },
	{ "inside a packet", FILE_HEADER_BYTES + 2 * STEP + 4 * 1016 + 500, 24 },
	{ "between two packets", FILE_HEADER_BYTES + 2 * STEP + 4 * 1016, 24 },
	{ "between two flushes", FILE_HEADER_BYTES + 2 * STEP, 20 },
	{ "a byte behind a packet", FILE_HEADER_BYTES + 2 * STEP + 4 * 1016 + 1, 24 },
	{ "a byte before the end of a packet", FILE_HEADER_BYTES + 2 * STEP + 4 * 1016 - 1, 23 },
	{ "a byte before the end of a flush", FILE_HEADER_BYTES + 5 * STEP - 1, 49 },
};

/* Writes packets until an error; returns it, or 0 after `count`. */
static int write_many(struct capture_file *writer, unsigned int count, uint32_t size,
		      unsigned int flush_step)
{
	int error = 0;

	for (unsigned int i = 0; !error && i < count; i++) {
		struct capture_file_packet packet = make_packet(i, size, size);

		error = capture_file_write(writer, &packet);
		if (!error && flush_step && (i + 1) % flush_step == 0)
			error = capture_file_flush(writer);
	}
	return error;
}

static void test_limit(size_t row)
{
	struct capture_file_packet packet = make_packet(0, 60, 60);
	int fd = open_file();
	struct capture_file *writer = open_writer(fd, &ethernet_micro);
	const struct capture_file_progress *progress = capture_file_progress(writer);
	unsigned int kept = limits[row].kept, lost = 10 - kept % 10;
	uint64_t end = FILE_HEADER_BYTES + (uint64_t)kept * 1016;
	int error;

	limit_files(limits[row].limit);
	error = write_many(writer, 100, 1000, 10);
	unlimit_files();
	check(error == -EFBIG, "a file that is full %s is EFBIG", limits[row].where);
	check_note("it is %d", error);
	check(file_bytes(fd) == end && progress->flushed_bytes == end,
	      "a file that is full %s is cut back to its last whole packet", limits[row].where);
	check_note("it has %" PRIu64 " bytes", file_bytes(fd));
	check(progress->flushed_packets == kept && progress->pending_packets == lost &&
		      progress->pending_bytes == 1016 * (uint64_t)lost,
	      "full %s: %u packets are there, %u are lost", limits[row].where, kept, lost);
	check_note("%" PRIu64 ", %" PRIu64, progress->flushed_packets, progress->pending_packets);
	check(capture_file_write(writer, &packet) < 0 && capture_file_flush(writer) < 0 &&
		      capture_file_close(writer) == 0 && file_bytes(fd) == end,
	      "nothing comes behind an error %s, though there is room again", limits[row].where);
	check(count_packets(fd) == (int)kept, "libpcap reads a file that was full %s",
	      limits[row].where);
	close(fd);
}

/* Full, resumed while it is still full, and resumed when there is room. */
static void test_resume(size_t row, int flags)
{
	const char before[100] = "what stood there before";
	unsigned int kept = limits[row].kept;
	int fd = open_file(), error, again;
	const struct capture_file_progress *progress;
	struct capture_file *writer;

	if (flags &&
	    (write(fd, before, sizeof(before)) != sizeof(before) || fcntl(fd, F_SETFL, flags)))
		fail("a file");
	writer = open_writer(fd, &ethernet_micro);
	progress = capture_file_progress(writer);
	limit_files(limits[row].limit + file_bytes(fd) - FILE_HEADER_BYTES);
	error = write_many(writer, 100, 1000, 10);
	again = capture_file_resume(writer);
	check(error == -EFBIG && !again && progress->pending_packets == 0 &&
		      progress->pending_bytes == 0,
	      "a file that was full %s is resumed without what was pending", limits[row].where);
	/* Larger than what was left, so that nothing of it fits. */
	error = write_many(writer, 1, 1100, 1);
	check(error == -EFBIG && progress->flushed_packets == kept &&
		      progress->pending_packets == 1,
	      "a file that is resumed and still full %s is EFBIG again", limits[row].where);
	check_note("error %d, %" PRIu64 " packets", error, progress->flushed_packets);
	unlimit_files();
	again = capture_file_resume(writer);
	error = write_many(writer, 3000, 1000, 0);
	check(!again && !error && !capture_file_close(writer),
	      "a file that was full %s takes packets again", limits[row].where);
	if (!flags)
		check(count_packets(fd) == (int)kept + 3000,
		      "libpcap reads a file that was full %s and went on", limits[row].where);
	check(file_bytes(fd) == (flags ? sizeof(before) : 0) + FILE_HEADER_BYTES +
					(kept + 3000) * (uint64_t)1016,
	      "a file that was full %s has no hole", limits[row].where);
	check_note("it has %" PRIu64 " bytes", file_bytes(fd));
	close(fd);
}

static bool has_room(const struct capture_file *writer, uint32_t captured_bytes)
{
	struct capture_file_packet packet = make_packet(0, captured_bytes, captured_bytes);

	return capture_file_has_room(writer, &packet);
}

static void test_room(void)
{
	int fd = open_file();
	struct capture_file *writer = open_writer(fd, &ethernet_micro);
	const struct capture_file_progress *progress = capture_file_progress(writer);

	check(has_room(writer, LARGEST), "an empty buffer has room for any packet");
	write_many(writer, 4, 262128, 0);
	check(!has_room(writer, 0) && progress->flushed_packets == 0,
	      "a full buffer has no room, not even for a packet without bytes");
	capture_file_flush(writer);
	write_many(writer, 3, 262128, 0);
	check(has_room(writer, 262128) && !has_room(writer, 262129),
	      "a buffer has room to its last byte");
	capture_file_close(writer);
	close(fd);
}

/* The buffer is full, and the flush that makes room fails. */
static void test_limit_in_write(void)
{
	int fd = open_file(), error;
	struct capture_file *writer = open_writer(fd, &ethernet_micro);
	const struct capture_file_progress *progress = capture_file_progress(writer);

	limit_files(1500000);
	error = write_many(writer, 5000, 1000, 0);
	unlimit_files();
	check(error == -EFBIG &&
		      progress->flushed_packets == (1500000 - FILE_HEADER_BYTES) / 1016 &&
		      progress->flushed_packets + progress->pending_packets == 2 * (BUFFER / 1016),
	      "a write that has to make room and cannot is EFBIG");
	check(progress->flushed_bytes == FILE_HEADER_BYTES + progress->flushed_packets * 1016 &&
		      file_bytes(fd) == progress->flushed_bytes,
	      "a file whose buffer could not be written is cut back");
	check(count_packets(fd) == (int)progress->flushed_packets,
	      "libpcap reads a file whose buffer could not be written");
	capture_file_close(writer);
	close(fd);
}

static void test_limit_in_close(void)
{
	int fd = open_file(), error;
	struct capture_file *writer = open_writer(fd, &ethernet_micro);

	write_many(writer, 10, 1000, 10);
	write_many(writer, 10, 1000, 0);
	limit_files(FILE_HEADER_BYTES + STEP + 100);
	error = capture_file_close(writer);
	unlimit_files();
	check(error == -EFBIG, "an error while flushing the last packets is reported");
	check(file_bytes(fd) == FILE_HEADER_BYTES + STEP && count_packets(fd) == 10,
	      "an error while closing cuts the file back");
	close(fd);
}

/* `pktsieve -w - >>FILE`: what stood in the file before is not the writer's to cut. */
static void test_limit_behind(int flags)
{
	const char before[100] = "what stood there before";
	const char *how =
		flags & O_APPEND ? "that is appended to" : "that is written from its middle";
	char after[100] = "";
	int fd = open_file(), error;
	struct capture_file *writer;

	if (write(fd, before, sizeof(before)) != sizeof(before) || fcntl(fd, F_SETFL, flags))
		fail("a file");
	writer = open_writer(fd, &ethernet_micro);
	write_many(writer, 20, 1000, 10);
	limit_files(sizeof(before) + FILE_HEADER_BYTES + 2 * STEP + 100);
	error = write_many(writer, 10, 1000, 10);
	unlimit_files();
	capture_file_close(writer);
	check(error == -EFBIG && pread(fd, after, sizeof(after), 0) == sizeof(after) &&
		      !memcmp(before, after, sizeof(after)),
	      "an error leaves what stood before in a file %s", how);
	check(file_bytes(fd) == sizeof(before) + FILE_HEADER_BYTES + 2 * STEP,
	      "an error cuts a file %s back to its last flush", how);
	check_note("error %d, %" PRIu64 " bytes of %d", error, file_bytes(fd),
		   (int)sizeof(before) + FILE_HEADER_BYTES + 2 * STEP);
	close(fd);
}

static void test_limit_in_open(void)
{
	struct capture_file *writer = NULL;
	struct error error = {};
	int fd = open_file(), copy = dup(fd), result;

	limit_files(10);
	result = capture_file_open(copy, &ethernet_micro, &writer, &error);
	unlimit_files();
	check(result == -EFBIG && *error.message && !writer,
	      "a file with no room for its header is EFBIG");
	check(file_bytes(fd) == 0, "a file with no room for its header is left empty");
	check(!is_open(copy), "a file with no room for its header is closed");
	close(fd);
}

/* Descriptors on which opening fails, and is given up without a trace. */
static void check_refused(int fd, int expected, const char *what)
{
	struct capture_file *writer = NULL;
	struct error error = {};
	int result = capture_file_open(fd, &ethernet_micro, &writer, &error);

	check(result == expected && !writer, "opening %s is: %s", what, strerror(-expected));
	check_note("it is %d: %s", result, error.message);
	check(strstr(error.message, strerror(-expected)), "the message on %s says: %s", what,
	      strerror(-expected));
	check(!is_open(fd), "the descriptor of %s is closed", what);
	capture_file_close(writer);
}

static void test_refused(void)
{
	int ends[2];

	check_refused(open("/dev/full", O_WRONLY | O_CLOEXEC), -ENOSPC, "a full device");
	check_refused(open("/dev/null", O_RDONLY | O_CLOEXEC), -EBADF,
		      "a file that is only for reading");
	check_refused(-1, -EBADF, "no file");
	if (pipe2(ends, O_CLOEXEC))
		fail("pipe");
	close(ends[0]);
	check_refused(ends[1], -EPIPE, "a pipe whose reader has gone");
}

static void test_pipe(void)
{
	struct capture_file_packet packet = make_packet(0, 60, 60);
	char bytes[256];
	struct capture_file *writer;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		fail("pipe");
	writer = open_writer(ends[1], &ethernet_micro);
	close(ends[1]);
	check(read(ends[0], bytes, sizeof(bytes)) == FILE_HEADER_BYTES,
	      "a pipe has its header at once");
	check(!capture_file_write(writer, &packet) && !capture_file_flush(writer) &&
		      read(ends[0], bytes, sizeof(bytes)) == PACKET_HEADER_BYTES + 60 &&
		      !memcmp(bytes + PACKET_HEADER_BYTES, pattern, 60),
	      "a packet is in the pipe after a flush");
	close(ends[0]);
	check(!capture_file_write(writer, &packet) && capture_file_flush(writer) == -EPIPE,
	      "a pipe whose reader goes is EPIPE");
	check(capture_file_progress(writer)->flushed_packets == 1 &&
		      capture_file_progress(writer)->pending_packets == 1,
	      "a pipe whose reader goes has lost what was not flushed");
	check(capture_file_close(writer) == 0, "an error that was reported is not reported again");
}

/* As NFS does it: close(2) closes, and says that what was written before is lost. */
static int failing_close;

int close(int fd)
{
	int result = (int)syscall(SYS_close, fd);

	if (!failing_close)
		return result;
	errno = failing_close;
	return -1;
}

static void test_close_error(void)
{
	struct capture_file_packet packet = make_packet(3, 60, 60);
	int fd = open_file(), copy = dup(fd), error;
	struct capture_file *writer = NULL;
	struct error why;

	capture_file_open(copy, &ethernet_micro, &writer, &why);
	capture_file_write(writer, &packet);
	failing_close = EDQUOT;
	error = capture_file_close(writer);
	failing_close = 0;
	check(error == -EDQUOT, "an error of close(2) is reported");
	check_note("it is %d", error);
	check(!is_open(copy) && count_packets(fd) == 1,
	      "a file whose close(2) fails is flushed and closed");
	close(fd);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	fill_pattern();
	for (size_t i = 0; i < LENGTH(limits); i++)
		test_limit(i);
	for (size_t i = 0; i < LENGTH(limits); i++) {
		test_resume(i, 0);
		test_resume(i, O_APPEND);
	}
	test_room();
	test_limit_in_write();
	test_limit_in_close();
	test_limit_in_open();
	test_limit_behind(0);
	test_limit_behind(O_APPEND);
	test_refused();
	test_pipe();
	test_close_error();
	return check_finish();
}
