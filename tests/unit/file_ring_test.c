/* SPDX-License-Identifier: GPL-2.0-only */
/* Which files a ring removes: its own, the oldest first, and no others. */
#include "../../user/file_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static int directory_fd;

static int make_file(const char *name)
{
	return openat(directory_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

static void add_file(struct file_ring *ring, const char *name)
{
	int fd = make_file(name);

	if (fd < 0 || file_ring_add(ring, name, fd))
		check(false, "'%s' is added", name);
	close(fd);
}

static bool is_there(const char *name)
{
	return !faccessat(directory_fd, name, F_OK, 0);
}

static bool is_excess(const struct file_ring *ring, const char *name)
{
	const char *excess = file_ring_excess(ring);

	return name ? excess && strcmp(excess, name) == 0 : !excess;
}

static void test_order(void)
{
	struct file_ring ring = { .length = 3 };

	add_file(&ring, "a");
	add_file(&ring, "b");
	check(is_excess(&ring, NULL), "two files and the present one are a ring of 3");
	add_file(&ring, "c");
	check(is_excess(&ring, "a"), "the oldest one is too many then");
	check(!file_ring_remove_first(&ring, directory_fd) && !is_there("a") && is_there("b") &&
		      is_excess(&ring, NULL),
	      "it is removed, and no other");
	file_ring_clear(&ring);
	check(!ring.count && is_there("b") && is_there("c"), "a ring that ends removes nothing");
}

static void test_others(void)
{
	struct file_ring ring = { .length = 1 };

	add_file(&ring, "mine");
	unlinkat(directory_fd, "mine", 0);
	check(!file_ring_remove_first(&ring, directory_fd), "a file that is gone is no error");
	add_file(&ring, "mine");
	renameat(directory_fd, "mine", directory_fd, "moved");
	close(make_file("mine"));
	check(!file_ring_remove_first(&ring, directory_fd) && is_there("mine") && is_there("moved"),
	      "another's file of the same name stays");
	add_file(&ring, "mine");
	renameat(directory_fd, "mine", directory_fd, "moved");
	if (symlinkat("moved", directory_fd, "mine"))
		check(false, "there is a symbolic link");
	check(!file_ring_remove_first(&ring, directory_fd) && is_there("moved"),
	      "a symbolic link in its place is not followed");
}

static void test_devices(void)
{
	struct file_ring ring = { .length = 1 };
	int fd = open("/dev/null", O_WRONLY);

	check(!file_ring_add(&ring, "null", fd) && is_excess(&ring, NULL),
	      "a device is never removed");
	close(fd);
}

static void test_forget(void)
{
	struct file_ring ring = { .length = 3 };

	add_file(&ring, "d");
	add_file(&ring, "e");
	add_file(&ring, "f");
	file_ring_forget(&ring, "f");
	file_ring_forget(&ring, "none");
	check(ring.count == 2 && is_excess(&ring, NULL),
	      "a file that is written over counts no more");
	add_file(&ring, "g");
	file_ring_forget(&ring, "d");
	file_ring_forget(&ring, "e");
	check(ring.count == 1, "the first ones can be written over, too");
	add_file(&ring, "h");
	add_file(&ring, "i");
	check(is_excess(&ring, "g"), "the order stays");
	file_ring_clear(&ring);
}

static void test_all(void)
{
	struct file_ring ring = {};

	add_file(&ring, "j");
	check(is_excess(&ring, NULL) && !ring.count, "without a length every file stays");
}

int main(void)
{
	char folder[] = "/tmp/file_ring_test.XXXXXX", command[64];

	if (!mkdtemp(folder) || (directory_fd = open(folder, O_PATH | O_DIRECTORY)) < 0) {
		perror(folder);
		return 1;
	}
	test_order();
	test_others();
	test_devices();
	test_forget();
	test_all();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) || check_finish();
}
