/* SPDX-License-Identifier: GPL-2.0-only */
/* pcapng files that are full for a time: they end with a whole block, and lack no description. */
#include <inttypes.h>
#include <signal.h>

#include "pcapng_blocks.h"

/* The file is full within the packet that tun0's description is with. */
static void test_full(bool is_description_kept)
{
	const char *where = is_description_kept ? "behind" : "before";
	int fd = open_file();
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_ETHERNET);

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
	struct capture_file *file = begin_pcapng(fd, LINK_TYPE_ETHERNET);

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

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	fill_pattern();
	test_full(false);
	test_full(true);
	test_full_at_end();
	interface_table_free(table);
	return check_finish();
}
